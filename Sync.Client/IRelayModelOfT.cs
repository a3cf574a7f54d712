namespace Sync.Client;

/// <summary>A model that takes rows of one type: <see cref="RelaySyncOptions.AddModel{TRow}(string)"/> names both. Each public property fills
/// the input of its name, letter case and <c>_ - .</c> and blanks aside, or the one that <see cref="RelayInputAttribute"/> names.</summary>
/// <remarks>
/// A number is read from float, double, decimal, any integer or bool (1 and 0); a category from string or an enum (the member's name, or its
/// <see cref="System.Runtime.Serialization.EnumMemberAttribute"/>). Null is a missing value, and so is NaN; an input that the
/// model's spec calls required takes neither (<see cref="RelayModelFault.MissingValue"/>). The properties are bound to each
/// version before it becomes active; a version with an input that no property fits is refused with
/// <see cref="Shared.Contracts.RefusalReason.SchemaMismatch"/>, and the active version stays. Calls throw
/// <see cref="RelayModelException"/> and the exceptions of the row's properties; they allocate nothing for rows of numbers.
/// </remarks>
/// <typeparam name="TRow">A class, record or struct.</typeparam>
public interface IRelayModel<TRow>
{
    /// <summary>The same model for rows as spans, with its name, state and active version.</summary>
    IRelayModel Untyped { get; }

    /// <summary>Classifies one row.</summary>
    Prediction Predict(TRow row);

    /// <summary>Classifies one row, and writes the probabilities.</summary>
    /// <param name="row">The row.</param>
    /// <param name="probabilities">Receives one probability per class, in class order; may be longer than that.</param>
    Prediction Predict(TRow row, Span<float> probabilities);

    /// <summary>Classifies many rows with one version; the results are those of single calls, to the bit.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="predictions">Receives one prediction per row; may be longer than that.</param>
    /// <param name="probabilities">Receives rows times classes, row after row; may be longer, or empty where the caller does not need them.</param>
    void PredictBatch(ReadOnlySpan<TRow> rows, Span<Prediction> predictions, Span<float> probabilities = default);

    /// <summary>Scores one row for anomaly detection.</summary>
    AnomalyScore ScoreSamples(TRow row);

    /// <summary>Predicts the value of a regression for one row.</summary>
    PredictedValue PredictValue(TRow row);

    /// <summary>Scales one row, as <see cref="IRelayModel.Transform"/> does.</summary>
    /// <param name="row">The row.</param>
    /// <param name="features">Receives one number per input; may be longer than that.</param>
    /// <returns>The version that scaled it.</returns>
    ActiveModelVersion Transform(TRow row, Span<float> features);

    /// <summary>Explains the answer for one row, as <see cref="IRelayModel.Explain"/> does.</summary>
    Explanation Explain(TRow row);
}
