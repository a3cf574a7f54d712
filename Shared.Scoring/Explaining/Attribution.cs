namespace Shared.Scoring.Explaining;

/// <summary>What each input of one row added to the raw score of its answer.</summary>
/// <param name="Label">The class whose raw score is explained; null where the task has no classes.</param>
/// <param name="Baseline">The raw score of a row of which nothing is known.</param>
/// <param name="Score">The raw score of the row: the baseline and all that the inputs added.</param>
/// <param name="ByInput">One number per input, in the order of the schema, in units of the raw score.</param>
internal sealed record Attribution(string? Label, double Baseline, double Score, double[] ByInput);
