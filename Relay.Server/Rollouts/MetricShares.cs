using Relay.Server.Rollouts.Evidence;
using Shared.Contracts.Reports;
using ReportedBins = Shared.Contracts.Reports.BinCounts;

namespace Relay.Server.Rollouts;

/// <summary>Reads from reports what the metrics of a rule count. Pure.</summary>
internal static class MetricShares
{
    /// <summary>The shares of the metrics that count a state of the node.</summary>
    public static Dictionary<string, ShareCount> OfStanding(EvidenceRule rule, RolloutNodeStanding standing)
    {
        Dictionary<string, ShareCount> shares = new(StringComparer.Ordinal);
        foreach (MetricRule metric in rule.Metrics)
        {
            RolloutNodeStanding? harmed = metric.Kind switch
            {
                MetricKind.Refused => RolloutNodeStanding.Refused,
                MetricKind.Quarantined => RolloutNodeStanding.Quarantined,
                _ => null,
            };
            if (harmed is not null && (standing == RolloutNodeStanding.Runs || standing == harmed))
            {
                shares.Add(metric.Name, new(standing == harmed ? 1 : 0, 1));
            }
        }

        return shares;
    }

    /// <summary>The shares of the metrics that count calls, of a usage window.</summary>
    /// <param name="isCompared">True for the versions whose use counts.</param>
    /// <param name="findLabel">The index of a label among the answers of a version; null where it has no such label.</param>
    public static Dictionary<string, ShareCount> OfUsage(
        EvidenceRule rule, UsageWindow window, Func<VersionUsage, bool> isCompared, Func<VersionUsage, string, int?> findLabel)
    {
        Dictionary<string, ShareCount> shares = new(StringComparer.Ordinal);
        foreach (VersionUsage usage in window.Versions.Where(isCompared))
        {
            foreach (MetricRule metric in rule.Metrics)
            {
                if (OfUsage(metric, usage, findLabel) is { Whole: > 0 } share)
                {
                    shares[metric.Name] = shares.GetValueOrDefault(metric.Name) + share;
                }
            }
        }

        return shares;
    }

    private static ShareCount? OfUsage(MetricRule metric, VersionUsage usage, Func<VersionUsage, string, int?> findLabel) => metric.Kind switch
    {
        MetricKind.Failures => new(usage.Failures, usage.Calls),
        MetricKind.CallerFaults => new(usage.CallerFaults, usage.Calls),
        MetricKind.Slow => Slow(usage.Latency, metric.SlowerThanMicroseconds!.Value * 1000),
        MetricKind.Label when findLabel(usage, metric.Label!) is { } index => Label(usage.Labels, index),
        MetricKind.Score => Score(usage.Scores),
        _ => null,
    };

    // Of the buckets that begin at the bound or above: none of their calls is faster.
    private static ShareCount? Slow(ReportedBins? latency, long nanoseconds) => Sum(
        latency, (bucket, count) => bucket > 0 && LatencyHistogram.UpperBound(bucket - 1) >= nanoseconds ? count : 0);

    private static ShareCount? Label(ReportedBins? labels, int index) => Sum(labels, (bin, count) => bin == index ? count : 0);

    private static ShareCount? Score(ReportedBins? scores)
    {
        if (scores is null)
        {
            return null;
        }

        double sum = scores.Counts.Select((count, i) => count * ((scores.First + i + 0.5) / ScoreBins.Bins)).Sum();
        return new((long)Math.Round(sum), scores.Counts.Sum());
    }

    private static ShareCount? Sum(ReportedBins? bins, Func<int, long, long> part) => bins is null
        ? null
        : new(bins.Counts.Select((count, i) => part(bins.First + i, count)).Sum(), bins.Counts.Sum());
}
