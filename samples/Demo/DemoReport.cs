namespace Demo;

/// <summary>The last line of <c>./run --once</c>: the results of the loop.</summary>
/// <param name="Rows">Rows that version 2 was trained on.</param>
/// <param name="MacroF1">Of version 2, on held-out rows.</param>
/// <param name="Refused">The typed reasons for which altered and replayed files were refused.</param>
/// <param name="OfflineRestart">The version that answers after a restart without a relay.</param>
internal sealed record DemoReport(
    bool Ok, string Model, long Rows, double MacroF1, DemoParity Parity, int? Active, IReadOnlyList<int> Quarantined,
    DemoPredictions Predictions, DemoRefusals Refused, int? OfflineRestart);

internal sealed record DemoParity(double MaxAbsDiff, long LabelDisagreements);

internal sealed record DemoPredictions(long Total, long Failed, long Mixed);

internal sealed record DemoRefusals(string? ArtifactByte, string? SignatureByte, string? Replay);

/// <summary>The last line when the loop ended early.</summary>
internal sealed record DemoFailure(bool Ok, string Problem);
