using System.CommandLine;
using System.Text.Json;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Audit;

/// <summary><c>relay audit list</c>: the newest entries, one line each.</summary>
internal static class AuditListCommand
{
    private const int DefaultEntries = 50;
    private const int MaximumEntries = 100_000;

    /// <summary>The details of an entry on its line: a publication has many files.</summary>
    private const int ShownDetails = 3;

    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        ListFilters filters = new();
        filters.AddText("--actor", "actor", "Only what this actor did: key:ID, user:NAME or relay.", "actor");
        filters.AddText("--action", "action", "Only actions that contain this text, such as revoke.", "text");
        filters.AddWord("--kind", "kind", "Only entries of this kind.", [.. AuditEntry.Kinds]);
        filters.AddInstant("--since", "since", "Only entries from this time on, such as 2026-01-31T12:00:00Z.");
        filters.AddInstant("--until", "until", "Only entries before this time.");
        Option<int?> limit = NumberOption.CreateOptional(
            "--limit", $"The number of entries. Default: the newest {DefaultEntries}.", 1, MaximumEntries, "number");
        Option<bool> json = new("--json") { Description = "Prints each entry as one line of JSON." };
        Command command = new("list", "Lists the entries of the audit log, the newest first.") { limit, json };
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            int left = parsed.GetValue(limit) ?? DefaultEntries;
            await foreach (AuditEntry entry in relay.ListAsync(
                filters.ToPath(parsed, Routes.Audit), RelayApiJson.Default.PageAuditEntry, cancellationToken))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    parsed.GetValue(json) ? JsonSerializer.Serialize(entry, RelayApiJson.Default.AuditEntry) : Describe(entry));
                if (--left == 0)
                {
                    break;
                }
            }

            return 0;
        });
        return command;
    }

    private static string Describe(AuditEntry entry) =>
        DisplayText.Format($"{entry.Sequence} {entry.At:u} {entry.Actor} {entry.Kind} ")
        + (entry.Kind is AuditEntry.Event ? DisplayText.Format($"{entry.Action}: {entry.Subject}")
            : entry.Kind is AuditEntry.Command ? DisplayText.Format($"relay {entry.Subject}")
            : DisplayText.Format($"{entry.Action.Split(' ')[0]} {entry.Subject}"))
        + (entry.Status is { } status ? DisplayText.Format($", status {status}") : "")
        + (entry.AnswerTo is { } request ? DisplayText.Format($", to entry {request}") : "")
        + string.Concat((entry.Details ?? new Dictionary<string, string>()).Take(ShownDetails)
            .Select(detail => DisplayText.Format($", {detail.Key}: {detail.Value}")))
        + (entry.Details?.Count - ShownDetails is > 0 and int more ? DisplayText.Format($", and {more} more in --json") : "");
}
