using System.Globalization;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>The history of a node as plain lines.</summary>
internal static class NodeHistoryText
{
    public static string Line(NodeIntervalView interval)
    {
        string time = $"{Time(interval.From)}  {(interval.To is { } to ? Time(to) : "now".PadRight(20))}";
        string removed = interval.RemovedAt is { } at ? $", the node was removed at {Time(at)}" : "";
        return interval.Kind switch
        {
            nameof(NodeIntervalKind.Ran) => DisplayText.Format($"{time}  {What(interval)}{removed}"),
            nameof(NodeIntervalKind.Gap) => DisplayText.Format($"{time}  no report"),
            _ => DisplayText.Format($"{time}  more changes than are kept{removed}"),
        };
    }

    public static IEnumerable<string> Lines(NodeHistoryAnswer answer)
    {
        yield return DisplayText.Escape(answer.Detail);
        foreach ((string name, NodeHistoryReport? report) in new[] { ("before", answer.Before), ("after", answer.After) })
        {
            if (report is not null)
            {
                foreach (string line in Lines(name, report))
                {
                    yield return line;
                }
            }
        }
    }

    private static IEnumerable<string> Lines(string name, NodeHistoryReport report)
    {
        yield return DisplayText.Format(
            $"{name}: report of {Time(report.SeenAt)}, " +
                $"{(report.Signed ? $"signed by the node's key at {report.SignedAt:u}" : "NOT proved by a signature")}");
        foreach (ActiveModel model in report.CheckIn.Models)
        {
            yield return DisplayText.Format($"  {model.Name} {model.Version}  {model.Sha256}");
        }

        if (report.Belief is not { } belief)
        {
            yield break;
        }

        string source = belief.Timestamp == 0 ? ""
            : belief.Named ? $", by timestamp {belief.Timestamp}, which the report names"
            : $", by timestamp {belief.Timestamp}, which was current at the relay: the report names none";
        string rollout = belief.Rollout is { } number ? string.Create(CultureInfo.InvariantCulture, $", rollout {number}") : "";
        yield return DisplayText.Format($"  why: {belief.Cause}: {belief.Detail}{rollout}{source}");
        foreach (NodeHistoryFile file in belief.Files)
        {
            string version = file.Version?.ToString(CultureInfo.InvariantCulture) ?? "";
            yield return DisplayText.Format($"  {file.Role.PadRight(9)}  {version.PadLeft(6)}  {file.Sha256}  {file.Path}");
        }
    }

    private static string What(NodeIntervalView interval) =>
        (interval.Release is 0 ? $"no release of channel {interval.Channel}" : $"release {interval.Release} of channel {interval.Channel}")
        + (interval.Models is { Count: > 0 } models ? $" ({string.Join(", ", models.Select(model => $"{model.Name} {model.Version}"))})" : "")
        + (interval.Steering is { } steering ? $", {steering}" : "")
        + (interval.Stale is true ? ", metadata expired" : "")
        + (interval.Signed is true ? "" : ", not signed");

    private static string Time(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);
}
