using Shared.Contracts.Models;

namespace Sync.Client;

/// <summary>A model that the node keeps current. All members may be called from any thread at any time; during a swap, a call is answered
/// by the old version or by the new one as a whole, and its result names that version.</summary>
/// <remarks>A row has two parts, each in schema order: the numbers (NaN is a missing value) and the categories (empty text is a missing
/// value). Batches hold row after row. Calls throw <see cref="RelayModelException"/> and nothing else. The model's task determines the
/// call: Predict for classification, <see cref="ScoreSamples"/> for anomaly detection, <see cref="PredictValue"/> for regression,
/// <see cref="Transform"/> for scaling; any other one throws <see cref="RelayModelFault.WrongTask"/>. Calls allocate nothing for a model
/// without category inputs.</remarks>
public interface IRelayModel
{
    /// <summary>The model's name, as in <see cref="RelaySyncOptions.Models"/>.</summary>
    string Name { get; }

    /// <summary>False until a first version is active.</summary>
    bool IsReady { get; }

    /// <summary>The active version: its number, digest, schema and scorer. For status pages: a swap may come between this and the next call, so the
    /// version of an answer is the one that its result names.</summary>
    /// <exception cref="RelayModelException">No version is active.</exception>
    ActiveModelVersion Active { get; }

    /// <summary>Classifies one row without category inputs.</summary>
    /// <param name="row">One number per input.</param>
    Prediction Predict(ReadOnlySpan<float> row);

    /// <summary>Classifies one row without category inputs, and writes the probabilities.</summary>
    /// <param name="row">One number per input.</param>
    /// <param name="probabilities">Receives one probability per class, in class order; may be longer than that.</param>
    Prediction Predict(ReadOnlySpan<float> row, Span<float> probabilities);

    /// <summary>Classifies one row of numbers and categories.</summary>
    /// <param name="numbers">One value per number input.</param>
    /// <param name="categories">One value per category input.</param>
    Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories);

    /// <summary>Classifies one row of numbers and categories, and writes the probabilities.</summary>
    /// <param name="numbers">One value per number input.</param>
    /// <param name="categories">One value per category input.</param>
    /// <param name="probabilities">Receives one probability per class, in class order; may be longer than that.</param>
    Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities);

    /// <summary>Computes the probabilities of one row. They do not name their version: where it counts, call the overload of Predict that writes
    /// them.</summary>
    /// <param name="numbers">One value per number input.</param>
    /// <param name="categories">One value per category input.</param>
    /// <returns>One probability per class, in class order.</returns>
    float[] PredictProbabilities(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default);

    /// <summary>Classifies many rows with one version; the results are those of single calls, to the bit.</summary>
    /// <param name="numbers">Rows times number inputs, row after row.</param>
    /// <param name="categories">Rows times category inputs, row after row; empty for a model without category inputs.</param>
    /// <param name="predictions">Receives one prediction per row; its length is the number of rows.</param>
    /// <param name="probabilities">Receives rows times classes, row after row; empty where the caller does not need them.</param>
    void PredictBatch(
        ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories,
        Span<Prediction> predictions, Span<float> probabilities = default);

    /// <summary>Scores one row for anomaly detection.</summary>
    /// <param name="numbers">One value per number input.</param>
    /// <param name="categories">One value per category input.</param>
    AnomalyScore ScoreSamples(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default);

    /// <summary>Scores many rows with one version; the results are those of single calls, to the bit.</summary>
    /// <param name="numbers">Rows times number inputs, row after row.</param>
    /// <param name="categories">Rows times category inputs, row after row; empty for a model without category inputs.</param>
    /// <param name="scores">Receives one score per row; its length is the number of rows.</param>
    void ScoreSamplesBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<AnomalyScore> scores);

    /// <summary>Predicts the value of a regression for one row.</summary>
    /// <param name="numbers">One value per number input.</param>
    /// <param name="categories">One value per category input.</param>
    PredictedValue PredictValue(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default);

    /// <summary>Predicts values for many rows with one version; the results are those of single calls, to the bit.</summary>
    /// <param name="numbers">Rows times number inputs, row after row.</param>
    /// <param name="categories">Rows times category inputs, row after row; empty for a model without category inputs.</param>
    /// <param name="values">Receives one value per row; its length is the number of rows.</param>
    void PredictValueBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<PredictedValue> values);

    /// <summary>Scales rows: each number minus its mean, divided by its standard deviation. A missing value stays missing.</summary>
    /// <param name="rows">Rows times inputs, row after row; at least one row.</param>
    /// <param name="features">Receives as many numbers as <paramref name="rows"/> has; may be longer.</param>
    /// <returns>The version that scaled them.</returns>
    ActiveModelVersion Transform(ReadOnlySpan<float> rows, Span<float> features);

    /// <summary>Computes the contribution of each input of one row to the raw score of its answer. Slower than a prediction, and it
    /// allocates. Needs <see cref="RelaySyncOptions.Explanations"/> and a model of one tree ensemble.</summary>
    /// <param name="numbers">One value per number input.</param>
    /// <param name="categories">One value per category input.</param>
    Explanation Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default);
}

/// <summary>The version of a model that is active.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version's number, from 1.</param>
/// <param name="Schema">Its inputs, classes and task.</param>
/// <param name="Sha256">SHA-256 of the file, lower-case hexadecimal.</param>
public sealed record ActiveModelVersion(string Name, int Version, string Sha256, ModelSchema Schema)
{
    /// <summary>SHA-256 of the schema, lower-case hexadecimal: the <c>schemaHash</c> of the model card.</summary>
    public string SchemaHash { get; init; } = "";

    /// <summary>Of an anomaly detector, the score below which a row is an anomaly; null for every other task.</summary>
    public float? Offset { get; init; }

    /// <summary>The scorer that runs it.</summary>
    public ScorerKind Scorer { get; init; }
}
