namespace Shared.Contracts.Onnx;

/// <summary>Finds content that no artifact may have, anywhere in the file: tensors with data in another file, operators and functions
/// outside the standard, and nested graphs.</summary>
internal static class ForbiddenContent
{
    public static string? Find(ModelProto model)
    {
        if (model.Functions.Count > 0)
        {
            return "the file defines functions";
        }

        if (model.TrainingInfo.Count > 0)
        {
            return "the file holds training graphs";
        }

        if (model.OpsetImport.FirstOrDefault(o => !IsStandard(o.Domain)) is { } import)
        {
            return $"operators of the domain '{import.Domain}'";
        }

        if (model.Graph is not { } graph)
        {
            return null;
        }

        if (graph.SparseInitializer.Count > 0)
        {
            return "sparse tensors";
        }

        return graph.Initializer.Select(InTensor).Concat(graph.Node.Select(InNode)).FirstOrDefault(found => found is not null);
    }

    private static string? InNode(NodeProto node)
    {
        if (!IsStandard(node.Domain))
        {
            return $"operator {node.OpType} of the domain '{node.Domain}'";
        }

        return node.Attribute.Select(InAttribute).FirstOrDefault(found => found is not null) is { } found
            ? $"{found} in operator {node.OpType}"
            : null;
    }

    private static string? InAttribute(AttributeProto attribute)
    {
        if (attribute.G is not null || attribute.Graphs.Count > 0)
        {
            return "a nested graph";
        }

        if (attribute.SparseTensor is not null || attribute.SparseTensors.Count > 0)
        {
            return "a sparse tensor";
        }

        return attribute.T is { } tensor && InTensor(tensor) is { } found
            ? found
            : attribute.Tensors.Select(InTensor).FirstOrDefault(f => f is not null);
    }

    private static string? InTensor(TensorProto tensor) =>
        tensor.ExternalData.Count > 0 || tensor.DataLocation != TensorProto.Types.DataLocation.Default
            ? $"tensor '{tensor.Name}' with data in another file"
            : null;

    private static bool IsStandard(string domain) => domain is OnnxNames.Standard or OnnxNames.MachineLearning;
}
