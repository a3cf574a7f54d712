using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Compilation;

/// <summary>Follows columns from the inputs of a graph through its operators, as their <see cref="ColumnFlow"/> says, while a plan is
/// compiled. A column keeps the input that it alone derives from.</summary>
internal sealed class ColumnTracer
{
    private readonly Dictionary<string, int[]> _origins = new(StringComparer.Ordinal);

    /// <param name="name">The tensor of an input.</param>
    /// <param name="input">Its place among the inputs.</param>
    public void AddInput(string name, int input, int width) => _origins[name] = CreateFilled(width, input);

    /// <summary>A constant, which derives from no input: no columns.</summary>
    public void AddConstant(string name) => _origins[name] = [];

    /// <summary>Adds an output of an operator whose inputs were added.</summary>
    public void AddOutput(NodeProto node, ColumnFlow flow, string output, int width)
    {
        int[][] operands = [.. node.Input.Where(i => i.Length > 0).Select(i => _origins.GetValueOrDefault(i) ?? [GraphPlan.SeveralInputs])];
        _origins[output] = Trace(flow, [.. operands.Where(o => o.Length > 0)], width);
    }

    /// <returns>Per column of a tensor, the place of its input, or <see cref="GraphPlan.SeveralInputs"/>.</returns>
    public IReadOnlyList<int> OriginsOf(string tensor) => _origins[tensor];

    /// <param name="operands">Per input that is not constant, the origins of its columns.</param>
    /// <param name="width">Columns of the output.</param>
    /// <returns>The origins of the output's columns.</returns>
    public static int[] Trace(ColumnFlow flow, IReadOnlyList<int[]> operands, int width) => flow switch
    {
        ColumnFlow.Columnwise when operands.Count == 1 && operands[0].Length == width => operands[0],
        ColumnFlow.Columnwise when operands.Count > 0 && operands.All(o => o.Length == width || o.Length == 1) =>
            [.. Enumerable.Range(0, width).Select(column => Join(operands.Select(o => o[o.Length == 1 ? 0 : column])))],
        ColumnFlow.Concatenation when operands.Sum(o => (long)o.Length) == width => [.. operands.SelectMany(o => o)],
        ColumnFlow.OneToMany when operands is [[var only]] => CreateFilled(width, only),
        ColumnFlow.Mixing when operands.Count > 0 => CreateFilled(width, Join(operands.SelectMany(o => o))),
        _ => CreateFilled(width, GraphPlan.SeveralInputs),
    };

    private static int Join(IEnumerable<int> origins) =>
        origins.Distinct().Take(2).ToArray() is [var only] ? only : GraphPlan.SeveralInputs;

    private static int[] CreateFilled(int width, int origin)
    {
        int[] origins = new int[width];
        Array.Fill(origins, origin);
        return origins;
    }
}
