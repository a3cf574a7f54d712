namespace Relay.Server.Rollouts.Evidence;

/// <summary>When evidence fails or passes a candidate. Part of the rollout before it starts.</summary>
internal sealed record EvidenceRule
{
    public const int MaxMetrics = 16;

    /// <summary>The probability, at most, with which the comparisons fail a candidate that is within all harm bounds, in the whole rollout; and
    /// that with which they pass one that is beyond a pass margin, in a stage. To complete, it would have to pass all stages.</summary>
    public required double Alpha { get; init; }

    /// <summary>The number of nodes that may report anything without causing a verdict that the true reports would not give.</summary>
    public required int Tolerated { get; init; }

    /// <summary>The nodes of each arm, the tolerated ones left out, before a metric may pass.</summary>
    public required int MinNodes { get; init; }

    public required IReadOnlyList<MetricRule> Metrics { get; init; }

    public required IReadOnlyList<ThresholdRule> Thresholds { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? FindError() =>
        Alpha is not (>= 1e-6 and <= 0.2) ? "alpha is not from 0.000001 to 0.2"
        : Tolerated is not (>= 0 and <= 10_000) ? "the number of tolerated nodes is not from 0 to 10,000"
        : MinNodes is not (>= 1 and <= 1_000_000) ? "the least number of nodes is not from 1 to 1,000,000"
        : Metrics.Contains(null!) || Thresholds.Contains(null!) ? "a metric or a threshold is null"
        : Metrics.Count > MaxMetrics || Thresholds.Count > MaxMetrics ? $"there are more than {MaxMetrics} metrics or thresholds"
        : Metrics.All(metric => metric.Watch) ? "all metrics are only watched: one has to decide"
        : Metrics.DistinctBy(metric => metric.Name).Count() != Metrics.Count ? "two metrics have one name"
        : Thresholds.FirstOrDefault(threshold => Metrics.All(metric => metric.Name != threshold.Metric)) is { } unknown
            ? $"there is a threshold of the unknown metric '{unknown.Metric}'"
        : Metrics.Select(metric => metric.FindError())
            .Concat(Thresholds.Select(threshold => threshold.FindError(Tolerated)))
            .FirstOrDefault(error => error is not null);

    /// <summary>The part of <see cref="Alpha"/> that one of a row of rounds spends; the sum over all of them is <see cref="Alpha"/>.</summary>
    /// <param name="rank">The place in the row, from 1.</param>
    public double ErrorOf(int rank) => Alpha * 6 / (Math.PI * Math.PI * rank * rank);
}
