using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Export.Parts;

/// <summary>From class indices [rows] to <c>label</c>.</summary>
internal static class LabelPart
{
    public static void Write(GraphBuilder graph, string index, IReadOnlyList<string> classes) => graph.Output(
        ModelSchema.LabelOutput, DataType.String, columns: null, OnnxNames.MachineLearning, OnnxNames.LabelEncoder, [index],
        OnnxAttribute.Create("keys_int64s", Enumerable.Range(0, classes.Count).Select(i => (long)i)),
        OnnxAttribute.Create("values_strings", classes));
}
