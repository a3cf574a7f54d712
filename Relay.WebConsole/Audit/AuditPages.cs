using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;

namespace Relay.WebConsole.Audit;

/// <summary>Who changed what: the entries of the audit log, and whether its chain holds.</summary>
internal static class AuditPages
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/audit", ListAsync);
        console.MapPage("/audit/verify", VerifyAsync);
    }

    private static async Task<Page> ListAsync(PageRequest request, CancellationToken cancellationToken)
    {
        AuditQuery query = new()
        {
            Actor = request.Query("actor"),
            Kind = request.Query("kind") is { } kind && AuditEntry.Kinds.Contains(kind) ? kind : null,
            Action = request.Query("action"),
            Since = DayOf(request.Query("since")),
            Until = DayOf(request.Query("until"))?.AddDays(1),
        };
        return Page.Create<AuditPage>(
            "Audit", Section.Audit,
            ("Entries", await request.ReadPageAsync(query.ToPath(Routes.Audit), RelayApiJson.Default.PageAuditEntry, cancellationToken)),
            ("Query", query),
            ("IsLater", request.Query("cursor") is not null)) with
        {
            IsLive = request.Query("cursor") is null,
        };
    }

    private static async Task<Page> VerifyAsync(PageRequest request, CancellationToken cancellationToken)
    {
        byte[]? head = await FindHeadAsync(request, cancellationToken);
        AuditVerification verification = new(
            head is null ? [] : [JsonSerializer.Deserialize(head, RelayApiJson.Default.AuditHead)!]);
        Pipe pipe = new();
        Task export = ExportAsync(request, pipe.Writer, cancellationToken);
        using StreamReader lines = new(pipe.Reader.AsStream());
        string? error = null;
        while (error is null && await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            error = verification.Add(line);
        }

        await pipe.Reader.CompleteAsync();
        await export;
        return Page.Create<ChainPage>(
            "Chain of the audit log", Section.Audit,
            ("Result", new ChainResult(verification.Count, verification.Hash, error ?? verification.End())));
    }

    private static async Task ExportAsync(PageRequest request, PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failed = null;
        try
        {
            await request.Api.Audit.ExportAsync(0, writer.AsStream(leaveOpen: true), cancellationToken);
        }
        catch (Exception e)
        {
            failed = e;
        }

        // The reader sees why the export ended.
        await writer.CompleteAsync(failed);
    }

    /// <summary>The signed end of the log; null where the log is empty.</summary>
    private static async Task<byte[]?> FindHeadAsync(PageRequest request, CancellationToken cancellationToken) =>
        (await PageRequest.FindAsync(request.Api.Audit.ReadHeadAsync(cancellationToken)))?.Document;

    private static DateTimeOffset? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : null;
}
