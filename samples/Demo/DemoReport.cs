namespace Demo;

/// <summary>The last line of <c>./run --once</c>: the results of the loop.</summary>
/// <param name="Rows">Rows that version 2 was trained on.</param>
/// <param name="MacroF1">Of version 2, on held-out rows.</param>
/// <param name="Refused">The typed reasons for which altered and replayed files were refused.</param>
/// <param name="OfflineRestart">The version that answers after a restart without a relay.</param>
/// <param name="Rollout">Two rollouts to 200 simulated nodes.</param>
internal sealed record DemoReport(
    bool Ok, string Model, long Rows, double MacroF1, DemoParity Parity, int? Active, IReadOnlyList<int> Quarantined,
    DemoPredictions Predictions, DemoRefusals Refused, int? OfflineRestart, DemoRollouts Rollout);

internal sealed record DemoParity(double MaxAbsDiff, long LabelDisagreements);

internal sealed record DemoPredictions(long Total, long Failed, long Mixed);

internal sealed record DemoRefusals(string? ArtifactByte, string? SignatureByte, string? Replay);

internal sealed record DemoRollouts(DemoGoodRollout Good, DemoBadRollout Bad);

/// <summary>A version that does no harm.</summary>
/// <param name="Stages">Stages that it passed.</param>
/// <param name="Active">Nodes that run it at the end.</param>
internal sealed record DemoGoodRollout(int Stages, int Active);

/// <summary>A version that misjudges in use.</summary>
/// <param name="Halted">True when the relay halted it by itself.</param>
/// <param name="Stage">The stage in which it was halted, from 1.</param>
/// <param name="Affected">Nodes that ran it.</param>
/// <param name="ReturnedMs">From the last report of it before the relay decided until the last of these nodes ran the version before again.</param>
/// <param name="Downloads">Artifacts that nodes fetched to go back.</param>
internal sealed record DemoBadRollout(bool Halted, int Stage, int Affected, long ReturnedMs, int Downloads);

/// <summary>The last line when the loop ended early.</summary>
internal sealed record DemoFailure(bool Ok, string Problem);
