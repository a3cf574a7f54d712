namespace Relay.Server.Rollouts.Evidence;

/// <summary>The values of both arms by one metric.</summary>
internal sealed record ArmCounts(BinCounts Candidate, BinCounts Control)
{
    public static readonly ArmCounts Empty = new(BinCounts.Empty, BinCounts.Empty);
}

/// <summary>All that a verdict depends on: counts of a round, by the name of the metric.</summary>
/// <param name="Round">Counted from 1 through the whole rollout.</param>
internal sealed record RoundEvidence(int Round, IReadOnlyDictionary<string, ArmCounts> Metrics);
