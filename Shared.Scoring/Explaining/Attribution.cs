namespace Shared.Scoring.Explaining;

/// <summary>What each input of one row added to the raw score of its answer.</summary>
/// <param name="Label">The class whose raw score is explained; null where the task has no classes.</param>
/// <param name="Baseline">The mean raw score, of a row with no known value.</param>
/// <param name="Score">The raw score of the row: the baseline plus all contributions.</param>
/// <param name="ByInput">One number per input, in the order of the schema, in units of the raw score.</param>
internal sealed record Attribution(string? Label, double Baseline, double Score, double[] ByInput);
