using System.CommandLine;
using System.Globalization;
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
        Option<string?> actor = new("--actor") { Description = "Only what this actor did: key:ID, user:NAME or relay.", HelpName = "actor" };
        Option<string?> action = new("--action") { Description = "Only actions that contain this text, such as revoke.", HelpName = "text" };
        Option<string?> kind = new("--kind") { Description = "Only entries of this kind.", HelpName = "kind" };
        kind.AcceptOnlyFromAmong([.. AuditEntry.Kinds]);
        Option<DateTimeOffset?> since = InstantOption.Create("--since", "Only entries from this time on, such as 2026-01-31T12:00:00Z.");
        Option<DateTimeOffset?> until = InstantOption.Create("--until", "Only entries before this time.");
        Option<int?> limit = NumberOption.CreateOptional(
            "--limit", $"The number of entries. Default: the newest {DefaultEntries}.", 1, MaximumEntries, "number");
        Option<bool> json = new("--json") { Description = "Prints each entry as one line of JSON." };
        Command command = new("list", "Lists the entries of the audit log, the newest first.") { actor, action, kind, since, until, limit, json };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            (string Name, string? Value)[] filters =
            [
                ("actor", parsed.GetValue(actor)), ("action", parsed.GetValue(action)), ("kind", parsed.GetValue(kind)),
                ("since", Text(parsed.GetValue(since))), ("until", Text(parsed.GetValue(until))),
            ];
            int left = parsed.GetValue(limit) ?? DefaultEntries;
            await foreach (AuditEntry entry in relay.ListAsync(PathOf(filters), RelayApiJson.Default.PageAuditEntry, cancellationToken))
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

    private static string PathOf(IEnumerable<(string Name, string? Value)> filters)
    {
        string query = string.Join('&', filters.Where(filter => filter.Value is not null)
            .Select(filter => $"{filter.Name}={Uri.EscapeDataString(filter.Value!)}"));
        return query.Length == 0 ? Routes.Audit : $"{Routes.Audit}?{query}";
    }

    private static string? Text(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

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
