using Shared.Contracts.Models;

namespace Sync.Client;

/// <summary>A model that the relay keeps current. All members may be called from any thread at any time; a call during a
/// swap is answered by the old version or by the new one as a whole, and says by which.</summary>
/// <remarks>Rows hold values in schema order: numbers with numbers (NaN is a missing value), categories with categories
/// (empty text is a missing value). Calls throw <see cref="RelayModelException"/> and nothing else. Which call answers
/// follows from the model's task: Predict for classification, <see cref="ScoreSamples"/> for anomaly detection,
/// <see cref="PredictValue"/> for regression, <see cref="Transform"/> for scaling; any other one throws, naming the right one.
/// Calls allocate nothing for a model without category inputs.</remarks>
public interface IRelayModel
{
    string Name { get; }

    /// <summary>False until a first version is active.</summary>
    bool IsReady { get; }

    /// <summary>Version and contract of what answers now.</summary>
    /// <exception cref="RelayModelException">Nothing is active yet.</exception>
    ActiveModelVersion Active { get; }

    /// <summary>Scores one row of a classifier without category inputs.</summary>
    Prediction Predict(ReadOnlySpan<float> row);

    /// <summary>As above, and writes the probabilities in class order.</summary>
    /// <param name="probabilities">At least one place per class; places beyond are left as they are.</param>
    Prediction Predict(ReadOnlySpan<float> row, Span<float> probabilities);

    /// <summary>Scores one row of numbers and categories.</summary>
    Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories);

    /// <summary>As above, and writes the probabilities in class order.</summary>
    Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities);

    /// <summary>The probabilities of one row in class order.</summary>
    float[] PredictProbabilities(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default);

    /// <summary>Scores many rows with one version; the bits are those of single calls.</summary>
    /// <param name="numbers">Row after row.</param>
    /// <param name="categories">Row after row; empty for a model without category inputs.</param>
    /// <param name="predictions">One place per row; their number says how many rows there are.</param>
    /// <param name="probabilities">Rows times classes, or empty when they are not wanted.</param>
    void PredictBatch(
        ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories,
        Span<Prediction> predictions, Span<float> probabilities = default);

    /// <summary>Tells how ordinary a row is, and whether it is so strange that it is an anomaly.</summary>
    AnomalyScore ScoreSamples(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default);

    /// <summary>The same for many rows with one version; the bits are those of single calls.</summary>
    /// <param name="numbers">Row after row.</param>
    /// <param name="categories">Row after row; empty for a model without category inputs.</param>
    /// <param name="scores">One place per row; their number says how many rows there are.</param>
    void ScoreSamplesBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<AnomalyScore> scores);

    /// <summary>The number that a regression predicts for a row.</summary>
    PredictedValue PredictValue(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default);

    /// <summary>The same for many rows with one version; the bits are those of single calls.</summary>
    /// <param name="numbers">Row after row.</param>
    /// <param name="categories">Row after row; empty for a model without category inputs.</param>
    /// <param name="values">One place per row; their number says how many rows there are.</param>
    void PredictValueBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<PredictedValue> values);

    /// <summary>Scales rows: each number less its mean, over its standard deviation; a missing value stays one.</summary>
    /// <param name="rows">One row or many, row after row.</param>
    /// <param name="features">As many places as <paramref name="rows"/> has numbers, or more.</param>
    /// <returns>The version that scaled them.</returns>
    ActiveModelVersion Transform(ReadOnlySpan<float> rows, Span<float> features);

    /// <summary>Tells what each input of one row added to the raw score of its answer. For people: slower than a prediction, and it
    /// allocates. Needs <see cref="RelaySyncOptions.Explanations"/>, and a model of one tree ensemble.</summary>
    Explanation Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default);
}

/// <summary>What answers for a model.</summary>
/// <param name="Sha256">SHA-256 of the file, lower-case hexadecimal.</param>
public sealed record ActiveModelVersion(string Name, int Version, string Sha256, ModelSchema Schema)
{
    /// <summary>Of an anomaly detector, the score below which a row is an anomaly; null for every other task.</summary>
    public float? Offset { get; init; }

    /// <summary>What runs it.</summary>
    public ScorerKind Scorer { get; init; }
}
