namespace Relay.Server.Rollouts.Evidence;

/// <summary>The two arms by one metric, turned so that a higher value is harm. The control's mean is bounded on one half of the error, the
/// candidate's values bet on the other half.</summary>
internal sealed class ArmComparison
{
    private readonly BinCounts _candidate;
    private readonly double _mean;
    private readonly double _error;
    private readonly int _tolerated;

    /// <summary>Whether the candidate's mean is above the control's plus a difference.</summary>
    private ArmComparison(ArmCounts counts, double difference, double error, int tolerated)
    {
        (_candidate, _error, _tolerated) = (counts.Candidate, error / 2, tolerated);
        _mean = BettingTest.UpperBound(counts.Control, _error, tolerated) + difference;
    }

    /// <summary>True, but for a probability of the error, only when the candidate's mean is above
    /// the control's by more than the difference.</summary>
    public bool IsShown => BettingTest.LogEvidenceAbove(_candidate, _mean, _tolerated) >= -Math.Log(_error);

    /// <summary>About how many nodes of the candidate arm show it, at these means; infinite where no number does.</summary>
    public double NodesNeeded => BettingTest.NodesForEvidence(_candidate, _mean, _error, _tolerated);

    /// <summary>Harm: in one of the directions, the candidate's mean is above the control's by more than the harm bound.</summary>
    public static IReadOnlyList<ArmComparison> CreateForHarm(ArmCounts counts, MetricRule metric, double error, int tolerated)
    {
        ArmCounts[] directions = Turn(counts, metric.Direction);
        return [.. directions.Select(turned => new ArmComparison(turned, metric.Harm / metric.Cap, error / directions.Length, tolerated))];
    }

    /// <summary>No harm: in each of the directions, the candidate's mean is above the control's by less than the pass margin. In the mirror it is
    /// not that far below.</summary>
    public static IReadOnlyList<ArmComparison> CreateForPass(ArmCounts counts, MetricRule metric, double error, int tolerated) =>
        [.. Turn(counts, metric.Direction).Select(turned => new ArmComparison(Mirror(turned), -metric.PassMargin / metric.Cap, error, tolerated))];

    private static ArmCounts[] Turn(ArmCounts counts, HarmDirection direction) => direction switch
    {
        HarmDirection.Higher => [counts],
        HarmDirection.Lower => [Mirror(counts)],
        _ => [counts, Mirror(counts)],
    };

    private static ArmCounts Mirror(ArmCounts counts) => new(counts.Candidate.Mirror(), counts.Control.Mirror());
}
