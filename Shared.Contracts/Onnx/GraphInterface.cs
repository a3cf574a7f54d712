using Shared.Contracts.Models;

namespace Shared.Contracts.Onnx;

/// <summary>Checks the inputs and outputs of a graph against the schema: names, types, shapes.</summary>
internal static class GraphInterface
{
    public static string? FindError(GraphProto graph, ModelSchema schema)
    {
        if (graph.Input.Count != schema.Inputs.Count)
        {
            return $"the graph has {graph.Input.Count} inputs, the schema {schema.Inputs.Count}";
        }

        foreach (ColumnSpec column in schema.Inputs)
        {
            TensorProto.Types.DataType type = column.Type is ColumnType.Number
                ? TensorProto.Types.DataType.Float
                : TensorProto.Types.DataType.String;
            if (graph.Input.FirstOrDefault(i => i.Name == column.Name) is not { } input || !Is(input, type, 1))
            {
                return $"input '{column.Name}' is not in the graph as {type}[rows, 1]";
            }
        }

        if (schema.HasLabels
            && (Output(graph, ModelSchema.LabelOutput) is not { } label || !Is(label, TensorProto.Types.DataType.String, columns: null)))
        {
            return $"output '{ModelSchema.LabelOutput}' is not in the graph as String[rows]";
        }

        return Output(graph, schema.NumericOutput) is { } numbers && Is(numbers, TensorProto.Types.DataType.Float, schema.OutputWidth)
            ? null
            : $"output '{schema.NumericOutput}' is not in the graph as Float[rows, {schema.OutputWidth}]";
    }

    private static ValueInfoProto? Output(GraphProto graph, string name) => graph.Output.FirstOrDefault(o => o.Name == name);

    /// <param name="columns">The second dimension, or null for a tensor of one dimension. The first one must be dynamic.</param>
    private static bool Is(ValueInfoProto value, TensorProto.Types.DataType type, int? columns)
    {
        if (value.Type?.TensorType is not { Shape.Dim: var dimensions } tensor
            || tensor.ElemType != (int)type
            || dimensions.Count != (columns is null ? 1 : 2)
            || dimensions[0].ValueCase is TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue)
        {
            return false;
        }

        return columns is null || (dimensions[1].HasDimValue && dimensions[1].DimValue == columns);
    }
}
