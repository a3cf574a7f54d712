using Relay.Training.Trees;
using Shared.Contracts.Onnx;

namespace Relay.Training.Export.Parts;

/// <summary>From log-odds of each class against all others to the probability of each, and the sum to divide it by.</summary>
/// <remarks>Spelled out in operators that give the same bits for one row and for many: ONNX Runtime's Sigmoid is not exact enough to
/// divide by, and its ReduceSum adds in another order for one row.</remarks>
internal static class OneVersusAllPart
{
    /// <returns>Dividend and divisor.</returns>
    public static string[] Write(GraphBuilder graph, string raw, int classCount)
    {
        string power = graph.Add(OnnxNames.Standard, "Exp", [graph.Add(OnnxNames.Standard, "Neg", [raw])]);
        string odds = graph.Add(OnnxNames.Standard, "Add", [power, graph.Constant(1f)]);
        string each = graph.Add(OnnxNames.Standard, "Div", [graph.Constant(1f), odds]);
        string[] columns = [.. Enumerable.Range(0, classCount).Select(k => graph.Add(
            OnnxNames.Standard, "Gather", [each, graph.Constant((long)k)], OnnxAttribute.Create("axis", 1)))];
        string sum = graph.Add(OnnxNames.Standard, "Sum", columns);
        return [each, graph.Add(OnnxNames.Standard, "Max", [sum, graph.Constant(OneVersusAll.MinSum)])];
    }
}
