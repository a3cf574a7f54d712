using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Audit;

internal static class AuditEndpoints
{
    private const string NdjsonType = "application/x-ndjson";

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder audit = app.MapGroup(Routes.Audit).RequireAuthorization(AccessPolicies.Audit);
        audit.MapGet("", List).WithSummary("Lists the entries of the audit log, the newest first");
        audit.MapGet("export", Export).WithSummary("Downloads the lines of the audit log, the oldest first");
        audit.MapGet("head", Head).WithSummary("Reads the signed end of the audit log");
        audit.MapGet("heads", ListHeads).WithSummary("Lists the signed ends of the audit log that the relay has kept, the oldest first");
    }

    /// <param name="actor">Such as key:ID, oidc:ISSUER#SUBJECT or relay.</param>
    /// <param name="action">A part of the action, such as revoke.</param>
    /// <param name="kind">request, answer, denied, event or command.</param>
    private static Results<Ok<Page<AuditEntry>>, ProblemHttpResult> List(
        AuditLog log, string? actor, string? action, string? kind, DateTimeOffset? since, DateTimeOffset? until, long? cursor, int? limit)
    {
        if (kind is not null && !AuditEntry.Kinds.Contains(kind))
        {
            return RelayProblems.MalformedRequest($"Expected a 'kind' of {string.Join(", ", AuditEntry.Kinds)}.");
        }

        int size = Paging.Limit(limit);
        IReadOnlyList<AuditEntry> found = log.List(new(actor, kind, action, since, until), cursor, size + 1);
        return TypedResults.Ok(Paging.ToPage(found, size, entry => Text(entry.Sequence)));
    }

    /// <param name="after">The sequence of an entry: the lines begin after it. Default: with the first.</param>
    /// <param name="last">The sequence of the last line. Default: the last there is.</param>
    private static PushStreamHttpResult Export(AuditLog log, long? after, long? last, CancellationToken cancellationToken) => TypedResults.Stream(
        async body =>
        {
            await using StreamWriter writer = new(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
            foreach (string line in log.ReadLines(after ?? 0, last))
            {
                await writer.WriteLineAsync(line.AsMemory(), cancellationToken);
            }
        },
        NdjsonType,
        "audit.ndjson");

    private static Results<Ok<SignedAuditHead>, ProblemHttpResult> Head(AuditHeads heads) =>
        heads.Sign() is { } head
            ? TypedResults.Ok(head)
            : RelayProblems.Problem(404, "empty-audit-log", "The audit log has no entry yet: there is nothing to sign.");

    private static Ok<Page<SignedAuditHead>> ListHeads(AuditHeads heads, long? cursor, int? limit)
    {
        int size = Paging.Limit(limit);
        IReadOnlyList<(long Sequence, SignedAuditHead Head)> found = heads.List(cursor ?? 0, size + 1);
        return TypedResults.Ok(new Page<SignedAuditHead>(
            [.. found.Take(size).Select(item => item.Head)], found.Count > size ? Text(found[size - 1].Sequence) : null));
    }

    private static string Text(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);
}
