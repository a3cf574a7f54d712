namespace Relay.Server.Rollouts.Evidence;

/// <summary>The values of both arms by one metric.</summary>
internal sealed record ArmCounts(BinCounts Candidate, BinCounts Control)
{
    public static readonly ArmCounts Empty = new(BinCounts.Empty, BinCounts.Empty);
}

/// <summary>All that a verdict depends on: counts of a round, by the name of the metric.</summary>
/// <param name="Round">Counted from 1 through the whole rollout.</param>
/// <param name="Uncounted">Reports that were stored and could not be counted, whatever they said: with one of them, the round does not pass.</param>
internal sealed record RoundEvidence(int Round, IReadOnlyDictionary<string, ArmCounts> Metrics, long Uncounted = 0);
