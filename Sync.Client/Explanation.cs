namespace Sync.Client;

/// <summary>The contribution of each input of one row to the raw score of its answer (Saabas, 2014): down each tree, a branch changes the mean
/// of the leaves below it, and that change is the contribution of the branch's input. It describes the model's arithmetic, not causes.</summary>
/// <param name="Label">The predicted class, whose raw score is explained; null for a regression and for an anomaly detector.</param>
/// <param name="Baseline">The raw score without any contribution: the mean over the leaves. Baseline and contributions add up to
/// <paramref name="Score"/>.</param>
/// <param name="Score">The raw score, before softmax, sigmoid or any other transform. Of a model with a single raw score for two classes,
/// with the sign of the predicted class.</param>
/// <param name="Contributions">One per input, in the order of the schema.</param>
/// <param name="Version">The model version that answered.</param>
/// <param name="Sha256">SHA-256 of that version's file, lower-case hexadecimal.</param>
public sealed record Explanation(
    string? Label, double Baseline, double Score, IReadOnlyList<InputContribution> Contributions, int Version, string Sha256);

/// <summary>The contribution of one input.</summary>
/// <param name="Input">The input's name in the schema.</param>
/// <param name="Contribution">In units of the raw score; a positive one raised the score.</param>
public readonly record struct InputContribution(string Input, double Contribution);
