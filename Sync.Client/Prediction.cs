namespace Sync.Client;

/// <summary>One answer of a model.</summary>
/// <param name="Label">The class with the highest probability, the first one on a tie.</param>
/// <param name="LabelIndex">Its place in the schema's classes and in the probabilities.</param>
/// <param name="Probability">Its probability, between 0 and 1.</param>
/// <param name="Version">The version that made this answer.</param>
/// <param name="Sha256">SHA-256 of that version's file, lower-case hexadecimal.</param>
/// <param name="IsBenign">True when the label is the class that the schema calls benign.</param>
public readonly record struct Prediction(
    string Label, int LabelIndex, float Probability, int Version, string Sha256, bool IsBenign);

/// <summary>How ordinary one row is.</summary>
/// <param name="Score">From -1 to 0; lower is stranger.</param>
/// <param name="IsAnomaly">True when the score is below the offset that the model learnt.</param>
/// <param name="Version">The version that made this answer.</param>
/// <param name="Sha256">SHA-256 of that version's file, lower-case hexadecimal.</param>
public readonly record struct AnomalyScore(float Score, bool IsAnomaly, int Version, string Sha256);

/// <summary>A predicted number.</summary>
/// <param name="Value">In the unit of the label that was learnt from.</param>
/// <param name="Version">The version that made this answer.</param>
/// <param name="Sha256">SHA-256 of that version's file, lower-case hexadecimal.</param>
public readonly record struct PredictedValue(float Value, int Version, string Sha256);
