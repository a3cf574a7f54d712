using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Export.Parts;

/// <summary>From rows to <c>probabilities</c> and <c>label</c>.</summary>
internal static class ClassificationPart
{
    /// <param name="trees">Attributes of the tree operator.</param>
    public static void Write(GraphBuilder graph, string row, AttributeProto[] trees, Link link, IReadOnlyList<string> classes)
    {
        string probabilities = Probabilities(graph, row, trees, link, classes.Count);
        string index = graph.Add(
            OnnxNames.Standard, "ArgMax", [probabilities],
            OnnxAttribute.Create("axis", 1), OnnxAttribute.Create("keepdims", 0), OnnxAttribute.Create("select_last_index", 0));
        LabelPart.Write(graph, index, classes);
    }

    private static string Probabilities(GraphBuilder graph, string row, AttributeProto[] trees, Link link, int classCount)
    {
        if (link is Link.None)
        {
            return Output(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor, [row], trees);
        }

        string raw = graph.Add(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor, [row], trees);
        if (link is Link.Softmax)
        {
            return Output(OnnxNames.Standard, "Softmax", [raw], OnnxAttribute.Create("axis", 1));
        }

        if (link is Link.OneVersusAll)
        {
            return Output(OnnxNames.Standard, "Div", [.. OneVersusAllPart.Write(graph, raw, classCount)]);
        }

        string second = graph.Add(OnnxNames.Standard, "Sigmoid", [raw]);
        string first = graph.Add(OnnxNames.Standard, "Sub", [graph.Constant(1f), second]);
        return Output(OnnxNames.Standard, "Concat", [first, second], OnnxAttribute.Create("axis", 1));

        string Output(string domain, string operation, string[] inputs, params AttributeProto[] attributes) =>
            graph.Output(ModelSchema.ProbabilitiesOutput, DataType.Float, classCount, domain, operation, inputs, attributes);
    }
}
