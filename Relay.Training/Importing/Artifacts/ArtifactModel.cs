using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Artifacts;

/// <summary>An artifact whose graph stays as it is.</summary>
internal sealed class ArtifactModel(
    ArtifactDescription description, IReadOnlyList<FeatureEncoding> encodings, ModelProto model, byte[] file,
    IReadOnlyList<(int Feature, float Threshold)> thresholds)
    : FittedModel(description.Schema, encodings)
{
    /// <summary>The file as it came.</summary>
    public byte[] File => file;

    public IReadOnlyList<(int Feature, float Threshold)> AllThresholds => thresholds;

    public override float? Offset => description.Offset;

    public override int TreeCount { get; } = Count(model.Graph, "nodes_treeids", ids => ids.Distinct().Count());

    public override int NodeCount { get; } = Count(model.Graph, "nodes_treeids", ids => ids.Count);

    internal override ModelProto Finished { get; } = WithoutMetadata(model);

    internal override IEnumerable<(int Feature, float Threshold)> Thresholds(int atMost) => Enumerable
        .Range(0, thresholds.Count == 0 ? 0 : atMost)
        .Select(i => thresholds[(int)((long)i * thresholds.Count / atMost)])
        .Where(t => Encodings[t.Feature].Categories is null)
        .Distinct();

    public override Predictions Score(float[][] columns, CancellationToken cancellationToken = default)
    {
        using OnnxSession session = new(file, Schema);
        return session.Predict(ToColumns(columns), columns[0].Length, cancellationToken: cancellationToken) with { Offset = Offset };
    }

    /// <summary>Encoded columns as the graph reads them.</summary>
    public DataColumn[] ToColumns(float[][] columns) =>
    [
        .. columns.Select((values, c) => Encodings[c].Categories is { } categories
            ? (DataColumn)new CategoryColumn(Encodings[c].Name, Array.ConvertAll(values, v => float.IsNaN(v) ? -1 : (int)v), [.. categories])
            : new NumberColumn(Encodings[c].Name, values)),
    ];

    internal override void Write(GraphBuilder graph, string row) => throw new InvalidOperationException("The graph is written already.");

    // Ensembles before the last tell on which side of sets of categories a row is.
    private static int Count(GraphProto graph, string attribute, Func<IReadOnlyList<long>, int> count) =>
        graph.Node.LastOrDefault(node => node.OpType.StartsWith("TreeEnsemble", StringComparison.Ordinal)) is { } trees
            ? count(new OperatorAttributes(trees).Integers(attribute))
            : 0;

    private static ModelProto WithoutMetadata(ModelProto model)
    {
        ModelProto graph = model.Clone();
        graph.MetadataProps.Clear();
        return graph;
    }
}
