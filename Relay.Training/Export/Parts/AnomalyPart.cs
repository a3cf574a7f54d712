using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Export.Parts;

/// <summary>From rows to <c>score</c>, which is -(2^x) of the trees' sum x, and <c>label</c>, which is anomaly below the offset.</summary>
internal static class AnomalyPart
{
    /// <param name="trees">Attributes of the tree operator.</param>
    public static void Write(GraphBuilder graph, string row, AttributeProto[] trees, float offset)
    {
        string raw = graph.Add(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor, [row], trees);
        string power = graph.Add(OnnxNames.Standard, "Pow", [graph.Constant(2f), raw]);
        string score = graph.Output(ModelSchema.ScoreOutput, DataType.Float, 1, OnnxNames.Standard, "Neg", [power]);

        string isBelow = graph.Add(OnnxNames.Standard, "Less", [score, graph.Constant(offset)]);
        string indices = graph.Add(OnnxNames.Standard, "Cast", [isBelow], OnnxAttribute.Create("to", (long)DataType.Int64));
        string index = graph.Add(OnnxNames.Standard, "Squeeze", [indices, graph.Constant(1L)]);
        LabelPart.Write(graph, index, ModelSchema.AnomalyClasses);
    }
}
