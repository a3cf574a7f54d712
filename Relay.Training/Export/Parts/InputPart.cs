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
        string[] numbers = [.. encodings.SelectMany(
            (e, i) => Indicate(graph, e, [.. e.Categories is null ? [inputs[i]] : Encode(graph, inputs[i], e)]))];
        return graph.Add(OnnxNames.Standard, "Concat", numbers, OnnxAttribute.Create("axis", 1));
    }

    // An ensemble over one column, so that what trees compare derives from one input.
    private static IEnumerable<string> Indicate(GraphBuilder graph, FeatureEncoding encoding, string[] encoded) =>
        encoding.Indicators is { } indicators
        ? indicators.Select(trees => graph.Add(
            OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor, encoded, TreeEnsembleOperator.Attributes(trees)))
        : encoded;

    // A text becomes its code or its statistics.
    private static IEnumerable<string> Encode(GraphBuilder graph, string input, FeatureEncoding encoding) =>
        (encoding.Statistics ?? [[.. Enumerable.Range(0, encoding.Categories!.Count).Select(code => (float)code)]])
            .Select(values => Encode(graph, input, encoding.Categories!, values));

    /// <summary>A text becomes its value; any other one, and the empty one, becomes NaN.</summary>
    private static string Encode(GraphBuilder graph, string input, IReadOnlyList<string> categories, float[] values)
    {
        // The empty text stands in the list too, because ONNX Runtime wants at least one key.
        return graph.Add(
            OnnxNames.MachineLearning, OnnxNames.LabelEncoder, [input],
            OnnxAttribute.Create("keys_strings", categories.Prepend("")),
            OnnxAttribute.Create("values_floats", values.Prepend(float.NaN)),
            OnnxAttribute.Create("default_float", float.NaN));
    }
}
