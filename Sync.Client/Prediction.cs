namespace Sync.Client;

/// <summary>The prediction of a classifier for one row.</summary>
/// <param name="Label">The class with the highest probability; the first of them on a tie.</param>
/// <param name="LabelIndex">Its index in the schema's classes and in the probabilities, from 0.</param>
/// <param name="Probability">Its probability, between 0 and 1.</param>
/// <param name="Version">The model version that answered.</param>
/// <param name="Sha256">SHA-256 of that version's file, lower-case hexadecimal.</param>
/// <param name="IsBenign">True when the label is the class that the schema calls benign.</param>
public readonly record struct Prediction(
    string Label, int LabelIndex, float Probability, int Version, string Sha256, bool IsBenign)
{
    /// <summary>The scorer that answered.</summary>
    public ScorerKind Scorer { get; init; }
}

/// <summary>The score of an anomaly detector for one row.</summary>
/// <param name="Score">From -1 to 0; lower means more anomalous.</param>
/// <param name="IsAnomaly">True when the score is below the model's offset.</param>
/// <param name="Version">The model version that answered.</param>
/// <param name="Sha256">SHA-256 of that version's file, lower-case hexadecimal.</param>
public readonly record struct AnomalyScore(float Score, bool IsAnomaly, int Version, string Sha256)
{
    /// <summary>The scorer that answered.</summary>
    public ScorerKind Scorer { get; init; }
}

/// <summary>The prediction of a regression for one row.</summary>
/// <param name="Value">In the unit of the label column of the training data.</param>
/// <param name="Version">The model version that answered.</param>
/// <param name="Sha256">SHA-256 of that version's file, lower-case hexadecimal.</param>
public readonly record struct PredictedValue(float Value, int Version, string Sha256)
{
    /// <summary>The scorer that answered.</summary>
    public ScorerKind Scorer { get; init; }
}
