using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Shared.Contracts;
using Shared.Contracts.Models;
using Sync.Client.Scoring;

namespace Sync.Client.Testing;

/// <summary>Computes the numeric output of one row: one probability per class, one anomaly score, one value, or the scaled row.</summary>
/// <param name="numbers">One value per number input; NaN is a missing value.</param>
/// <param name="categories">One value per category input; empty text is a missing value.</param>
/// <param name="outputs">To be filled; it has the width of the schema's output, and is 0 at first.</param>
public delegate void FakeScorer(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> outputs);

/// <summary>A model for unit tests of an app: no relay, no store and no file. Rows are checked and answers are made as by a real one; the numbers
/// come
/// from a function of the test.</summary>
/// <param name="name">The model's name.</param>
/// <param name="schema">Its inputs, classes and task.</param>
/// <param name="scorer">Computes the numeric output of a row.</param>
public sealed class FakeRelayModel(string name, ModelSchema schema, FakeScorer scorer) : IRelayModel
{
    private readonly ReleaseSlot _slot = new();
    private int _release;

    /// <summary>A classifier of rows of numbers, of which version 1 is active.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="classes">Its classes; the first one is benign.</param>
    /// <param name="scorer">Computes the probabilities of a row, in the order of the classes.</param>
    public static FakeRelayModel CreateClassifier(
        string name, IEnumerable<string> inputs, IReadOnlyList<string> classes, Func<float[], float[]> scorer)
    {
        FakeRelayModel model = new(
            name, new ModelSchema([.. inputs.Select(input => new ColumnSpec(input, ColumnType.Number))], classes, classes[0]),
            (numbers, _, outputs) => scorer(numbers.ToArray()).CopyTo(outputs));
        model.Activate(1);
        return model;
    }

    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public bool IsReady => Model.IsReady;

    /// <inheritdoc />
    public ActiveModelVersion Active => Model.Active;

    private RelayModel Model => field ??= new RelayModel(name, _slot);

    /// <summary>Makes a version active, as an update does. Before the first one, calls throw <see cref="RelayModelFault.NotReady"/>.</summary>
    /// <param name="version">The version's number, from 1.</param>
    /// <param name="replacement">Another function; null: the one before.</param>
    public void Activate(int version, FakeScorer? replacement = null)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name} {version}")));
        ModelScorer loaded = new(new FakeRowScorer(replacement ?? scorer, schema), new ActiveModelVersion(name, version, sha256, schema));
        _slot.Swap(new LoadedRelease(
            ++_release, DateTimeOffset.UnixEpoch, new[] { KeyValuePair.Create(name, loaded) }.ToFrozenDictionary(StringComparer.Ordinal)));
    }

    /// <summary>Makes no version active: calls throw <see cref="RelayModelFault.NotReady"/>.</summary>
    public void Deactivate() => _slot.Swap(null);

    /// <inheritdoc />
    public Prediction Predict(ReadOnlySpan<float> row) => Model.Predict(row);

    /// <inheritdoc />
    public Prediction Predict(ReadOnlySpan<float> row, Span<float> probabilities) => Model.Predict(row, probabilities);

    /// <inheritdoc />
    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories) => Model.Predict(numbers, categories);

    /// <inheritdoc />
    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities) =>
        Model.Predict(numbers, categories, probabilities);

    /// <inheritdoc />
    public float[] PredictProbabilities(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default) =>
        Model.PredictProbabilities(numbers, categories);

    /// <inheritdoc />
    public void PredictBatch(
        ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<Prediction> predictions, Span<float> probabilities = default) =>
        Model.PredictBatch(numbers, categories, predictions, probabilities);

    /// <inheritdoc />
    public AnomalyScore ScoreSamples(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default) =>
        Model.ScoreSamples(numbers, categories);

    /// <inheritdoc />
    public void ScoreSamplesBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<AnomalyScore> scores) =>
        Model.ScoreSamplesBatch(numbers, categories, scores);

    /// <inheritdoc />
    public PredictedValue PredictValue(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default) =>
        Model.PredictValue(numbers, categories);

    /// <inheritdoc />
    public void PredictValueBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<PredictedValue> values) =>
        Model.PredictValueBatch(numbers, categories, values);

    /// <inheritdoc />
    public ActiveModelVersion Transform(ReadOnlySpan<float> rows, Span<float> features) => Model.Transform(rows, features);

    /// <inheritdoc />
    public Explanation Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default) => Model.Explain(numbers, categories);
}
