namespace Shared.Contracts.Onnx;

/// <summary>Infers the number of columns of the tensors in a graph, for the operators that precede tree ensembles.</summary>
internal static class RowWidths
{
    /// <summary>Operators that keep the shape of their first input.</summary>
    private static readonly HashSet<string> KeepShape = new(StringComparer.Ordinal)
    {
        "Cast", "Identity", "LabelEncoder", "Scaler", "Imputer", "Normalizer", "Binarizer",
    };

    /// <summary>Columns by the tensor's name, without the tensors whose width is not known.</summary>
    public static Dictionary<string, long> Infer(GraphProto graph)
    {
        Dictionary<string, long> widths = new(StringComparer.Ordinal);
        foreach (ValueInfoProto input in graph.Input)
        {
            if (input.Type?.TensorType?.Shape?.Dim is [_, { ValueCase: TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue } columns])
            {
                widths[input.Name] = columns.DimValue;
            }
        }

        foreach (NodeProto node in graph.Node)
        {
            if (node.Output.Count > 0 && InferOutput(node, widths) is { } width)
            {
                widths[node.Output[0]] = width;
            }
        }

        return widths;
    }

    private static long? InferOutput(NodeProto node, Dictionary<string, long> widths)
    {
        if (node.OpType == "Concat" && node.Attribute.FirstOrDefault(a => a.Name == "axis")?.I is 1 or -1)
        {
            return node.Input.All(widths.ContainsKey) ? node.Input.Sum(i => widths[i]) : null;
        }

        if (node.Domain == OnnxNames.MachineLearning && node.OpType == OnnxNames.TreeEnsembleRegressor)
        {
            return new OperatorAttributes(node).Integer("n_targets") is > 0 and var targets ? targets : null;
        }

        return KeepShape.Contains(node.OpType) && node.Input.Count > 0 && widths.TryGetValue(node.Input[0], out long width)
            ? width
            : null;
    }
}
