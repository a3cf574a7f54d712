namespace Relay.Server.Rollouts.Evidence;

/// <summary>What an arm's values say: the number of nodes, their mean, and the interval that holds the true mean at every look. All are in the
/// metric's own unit.</summary>
internal sealed record ArmSummary(long Nodes, double Mean, double Low, double High);

/// <param name="MoreNodes">For <see cref="Verdict.NotYet"/>: about how many more nodes of the candidate arm give a verdict if the means stay as
/// they are; null where no number does.</param>
internal sealed record MetricVerdict(string Metric, bool Watch, Verdict Verdict, ArmSummary Candidate, ArmSummary Control, long? MoreNodes);

/// <summary>A threshold's verdict, with the nodes of the candidate arm above it and all of them.</summary>
internal sealed record ThresholdVerdict(string Metric, Verdict Verdict, long Count, long Nodes);

/// <summary>The verdict of a round, with what it is made of.</summary>
/// <param name="PassRank">The place of the round among those that may pass the stage, for which it
/// was judged; see <see cref="EvidenceTest"/>.</param>
/// <param name="Uncounted">Reports that could not be counted.</param>
internal sealed record RoundVerdict(
    int Round, int PassRank, Verdict Verdict, IReadOnlyList<MetricVerdict> Metrics, IReadOnlyList<ThresholdVerdict> Thresholds, long Uncounted = 0);
