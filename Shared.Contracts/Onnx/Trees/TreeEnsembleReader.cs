namespace Shared.Contracts.Onnx.Trees;

/// <summary>Reads the trees of an operator and checks every entry on the way: ONNX Runtime follows node ids and column numbers
/// without checks, and adds NaN up silently. The inspector uses it to accept a file, the scorer to build its forests.</summary>
internal static class TreeEnsembleReader
{
    /// <param name="attributes">Of <paramref name="node"/>.</param>
    /// <param name="width">Columns of the row that the operator reads; null where the graph does not tell.</param>
    /// <param name="trees">The trees; null for an operator without trees.</param>
    /// <returns>Why the operator is malformed, or null.</returns>
    public static string? Read(NodeProto node, OperatorAttributes attributes, long? width, out SourceTrees? trees)
    {
        trees = null;
        if (!HasTrees(node))
        {
            return null;
        }

        return ListTensors.FindError(node) ?? node.OpType switch
        {
            OnnxNames.TreeEnsembleRegressor => new TreeEnsembleV1Reader(attributes, "target", width).Read(out trees),
            OnnxNames.TreeEnsembleClassifier => new TreeEnsembleV1Reader(attributes, "class", width).Read(out trees),
            _ => new TreeEnsembleV5Reader(attributes, width).Read(out trees),
        };
    }

    /// <summary>The first malformed tree operator of a graph, or null.</summary>
    public static string? FindError(GraphProto graph)
    {
        Dictionary<string, long> widths = RowWidths.Infer(graph);
        foreach (NodeProto node in graph.Node.Where(HasTrees))
        {
            long? width = node.Input.Count > 0 && widths.TryGetValue(node.Input[0], out long known) ? known : null;
            if (Read(node, new OperatorAttributes(node), width, out _) is { } error)
            {
                return $"{node.OpType}: {error}";
            }
        }

        return null;
    }

    private static bool HasTrees(NodeProto node) =>
        node.Domain == OnnxNames.MachineLearning
        && node.OpType is OnnxNames.TreeEnsembleRegressor or OnnxNames.TreeEnsembleClassifier or OnnxNames.TreeEnsemble;
}
