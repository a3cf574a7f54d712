namespace Sync.Client;

/// <summary>A model that takes rows of one type: <see cref="RelaySyncOptions.AddModel{TRow}"/> names both. Each public property fills
/// the input of its name, letter case and <c>_ - .</c> and blanks aside, or the one that <see cref="RelayInputAttribute"/> names.</summary>
/// <remarks>
/// A number comes of float, double, decimal, any integer or bool (1 and 0); a category of string or an enum (the member's name, or its
/// <see cref="System.Runtime.Serialization.EnumMemberAttribute"/>). Null is a missing value, and so is NaN; an input that the
/// model's spec calls required takes neither (<see cref="RelayModelFault.MissingValue"/>). The properties are bound to each version before it becomes active, by compiled code; a version with an input that no property
/// fits is refused with <see cref="Shared.Contracts.RefusalReason.SchemaMismatch"/> and the one before it goes on answering.
/// Calls throw what properties throw, and <see cref="RelayModelException"/>; they allocate nothing for rows of numbers.
/// </remarks>
/// <typeparam name="TRow">A class, record or struct.</typeparam>
public interface IRelayModel<TRow>
{
    /// <summary>The same model for rows as spans; version, state and name.</summary>
    IRelayModel Untyped { get; }

    /// <summary>Classifies one row.</summary>
    Prediction Predict(TRow row);

    /// <summary>As above, and writes the probabilities in class order.</summary>
    /// <param name="probabilities">At least one place per class; places beyond are left as they are.</param>
    Prediction Predict(TRow row, Span<float> probabilities);

    /// <summary>Classifies many rows with one version; the bits are those of single calls.</summary>
    /// <param name="predictions">One place per row, or more.</param>
    /// <param name="probabilities">Rows times classes, or more, or empty when they are not wanted.</param>
    void PredictBatch(ReadOnlySpan<TRow> rows, Span<Prediction> predictions, Span<float> probabilities = default);

    /// <summary>Tells how ordinary a row is, and whether it is so strange that it is an anomaly.</summary>
    AnomalyScore ScoreSamples(TRow row);

    /// <summary>The number that a regression predicts for a row.</summary>
    PredictedValue PredictValue(TRow row);

    /// <summary>Scales one row, as <see cref="IRelayModel.Transform"/> does.</summary>
    /// <param name="features">At least one place per input.</param>
    ActiveModelVersion Transform(TRow row, Span<float> features);

    /// <summary>Explains the answer for one row, as <see cref="IRelayModel.Explain"/> does.</summary>
    Explanation Explain(TRow row);
}
