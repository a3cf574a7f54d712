using Relay.Training.Data.Features;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Export;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Models;

/// <summary>A trained model of any kind: scores encoded rows, which is the reference that parity is proved against, and writes
/// itself into a graph.</summary>
/// <param name="schema">The inputs and outputs of the graph.</param>
/// <param name="encodings">Per input of the schema, how its column becomes a number.</param>
public abstract class FittedModel(ModelSchema schema, IReadOnlyList<FeatureEncoding> encodings)
{
    public ModelSchema Schema { get; } = schema;

    public IReadOnlyList<FeatureEncoding> Encodings { get; } = encodings;

    /// <summary>Of an anomaly detector, the score below which a row is an anomaly; null for every other task.</summary>
    public virtual float? Offset => null;

    public virtual int TreeCount => 0;

    /// <summary>The graph that the engine's own framework writes of the model; null where it writes none.</summary>
    public virtual ConvertedEnsemble? Converted => null;

    /// <summary>The columns as the ensemble takes them: scaled, where the model scales.</summary>
    internal virtual float[][] ToEnsembleInputs(float[][] columns) => columns;

    public virtual int NodeCount => 0;

    /// <summary>Per input its share of what all splits gained; null where that was not measured.</summary>
    public virtual IReadOnlyList<double>? Importance => null;

    /// <summary>The graph where it was written before and stays as it is, inputs included; null where <see cref="Write"/> writes it.</summary>
    internal virtual ModelProto? Finished => null;

    /// <summary>The versions that the operators of <see cref="Write"/> are of.</summary>
    internal virtual GraphVersions Versions => GraphVersions.Default;

    /// <summary>Values of inputs at which answers change, spread over the model; the rows around them are worth proving.</summary>
    internal virtual IEnumerable<(int Feature, float Threshold)> Thresholds(int atMost) => [];

    /// <summary>The same model with a count of the leaves that rows end in, where it has leaves. Its answers stay as they are.</summary>
    /// <param name="columns">As for <see cref="Score"/>.</param>
    internal virtual FittedModel WithLeafCounts(float[][] columns, CancellationToken cancellationToken) => this;

    /// <summary>Scores rows without ONNX.</summary>
    /// <param name="columns">One array per input, encoded, a value per row; NaN is a missing value.</param>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public abstract Predictions Score(float[][] columns, CancellationToken cancellationToken = default);

    /// <summary>What the graph has to answer where <see cref="Score"/> answered so: the same, but for rounding that only one of them does.</summary>
    internal virtual Predictions ToParityReference(Predictions own) => own;

    /// <summary>Adds the operators from encoded rows to the outputs that the schema promises.</summary>
    /// <param name="row">The tensor [rows, inputs].</param>
    internal abstract void Write(GraphBuilder graph, string row);
}
