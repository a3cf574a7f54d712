using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>A rollout as plain lines.</summary>
internal static class RolloutText
{
    public static string Describe(RolloutView rollout) => DisplayText.Format(
        $"rollout {rollout.Id}: {rollout.Channel} release {rollout.Base} -> {rollout.Candidate?.ToString() ?? "(not made yet)"}, " +
            $"{rollout.Status}, stage {rollout.Stage} of {rollout.Rule.Stages?.Count ?? 0}, {rollout.Percentage} percent, started " +
                $"{rollout.CreatedAt:u} by {rollout.StartedBy}");

    public static async Task WriteAsync(TextWriter output, RolloutView rollout)
    {
        await output.WriteLineAsync(Describe(rollout));
        if (rollout.WaitsFor is { } reason)
        {
            await output.WriteLineAsync(DisplayText.Format($"waits: {reason}"));
        }

        await output.WriteLineAsync(DisplayText.Format(
            $"round {rollout.Round}, verdict: {rollout.Verdict}; error rate {rollout.Rule.Alpha}, " +
                $"{rollout.Rule.Tolerated} forged reporters tolerated"));
        if (rollout.Uncounted > 0)
        {
            await output.WriteLineAsync(DisplayText.Format(
                $"{rollout.Uncounted} reports of the round could not be counted, so that it cannot pass: see the relay's log"));
        }

        if (rollout.Metrics.Count > 0)
        {
            await output.WriteLineAsync("metric            candidate                       control                         verdict");
        }

        foreach (RolloutMetricVerdict metric in rollout.Metrics)
        {
            await output.WriteLineAsync(DisplayText.Format(
                $"{metric.Metric.PadRight(16)}  {Describe(metric.Candidate).PadRight(30)}  {Describe(metric.Control).PadRight(30)}  " +
                    $"{(metric.Watch ? "watched" : metric.Verdict)}{(metric.MoreNodes is { } more ? $", about {more} more nodes" : "")}"));
        }

        foreach (RolloutThresholdVerdict threshold in rollout.Thresholds)
        {
            await output.WriteLineAsync(DisplayText.Format(
                $"{threshold.Metric.PadRight(16)}  {threshold.Count} of {threshold.Nodes} nodes above the threshold: {threshold.Verdict}"));
        }

        if (rollout.Nodes.Count > 0)
        {
            IEnumerable<string> counts =
                rollout.Nodes.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}");
            await output.WriteLineAsync(DisplayText.Format($"nodes: {string.Join(", ", counts)}"));
        }

        foreach (RolloutNodeView node in rollout.Notable)
        {
            await output.WriteLineAsync(DisplayText.Format($"  {node.Node}: {node.Standing}, seen {node.SeenAt:u}"));
        }
    }

    private static string Describe(RolloutArmView arm) => arm.Nodes == 0
        ? "no nodes"
        : FormattableString.Invariant($"{arm.Mean:0.####} [{arm.Low:0.####}, {arm.High:0.####}] of {arm.Nodes}");
}
