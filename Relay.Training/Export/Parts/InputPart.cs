using Relay.Training.Data.Features;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Export.Parts;

/// <summary>From raw named columns, an input each, to one tensor of numbers [rows, inputs].</summary>
internal static class InputPart
{
    /// <returns>The name of the tensor.</returns>
    public static string Write(GraphBuilder graph, IReadOnlyList<FeatureEncoding> encodings)
    {
        string[] inputs = [.. encodings.Select(e => graph.Input(e.Name, e.Categories is null ? DataType.Float : DataType.String))];
        string[] numbers = [.. encodings.Select((e, i) => e.Categories is null ? inputs[i] : Encode(graph, inputs[i], e.Categories))];
        return graph.Add(OnnxNames.Standard, "Concat", numbers, OnnxAttribute.Create("axis", 1));
    }

    /// <summary>A text becomes its code; any other one, and the empty one, becomes NaN.</summary>
    private static string Encode(GraphBuilder graph, string input, IReadOnlyList<string> categories)
    {
        // The empty text stands in the list too, because ONNX Runtime wants at least one key.
        return graph.Add(
            OnnxNames.MachineLearning, OnnxNames.LabelEncoder, [input],
            OnnxAttribute.Create("keys_strings", categories.Prepend("")),
            OnnxAttribute.Create("values_floats", Enumerable.Range(0, categories.Count).Select(code => (float)code).Prepend(float.NaN)),
            OnnxAttribute.Create("default_float", float.NaN));
    }
}
