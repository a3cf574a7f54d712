namespace Sync.Client;

/// <summary>What each input of one row added to the raw score of the answer (Saabas, 2014): going down each tree, a branch changes the mean
/// of the leaves below, and that change belongs to the branch's input. An account of this model's own arithmetic, not of causes.</summary>
/// <param name="Label">The class that was chosen, whose raw score is explained; null for a regression and for an anomaly detector.</param>
/// <param name="Baseline">The raw score of a row of which nothing is known; contributions come on top, and all add up to
/// <paramref name="Score"/>.</param>
/// <param name="Score">The raw score, before softmax, sigmoid or any other transform. Of a model with a single raw score for two classes,
/// turned towards the chosen one.</param>
/// <param name="Contributions">One per input, in the order of the schema.</param>
/// <param name="Version">The version that made this answer.</param>
/// <param name="Sha256">SHA-256 of that version's file, lower-case hexadecimal.</param>
public sealed record Explanation(
    string? Label, double Baseline, double Score, IReadOnlyList<InputContribution> Contributions, int Version, string Sha256);

/// <param name="Input">The name in the schema, of a number or of a category.</param>
/// <param name="Contribution">In units of the raw score; above zero, it speaks for the answer.</param>
public readonly record struct InputContribution(string Input, double Contribution);
