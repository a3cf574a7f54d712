using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Changes of shape that keep the numbers of each row in place: the same block under another name.</summary>
internal static class ShapeOperator
{
    public static string? ReadFlatten(NodeProto node, OperatorAttributes attributes, PlanBuilder plan) =>
        plan.TryNumber(node, 0, out NumberValue? value) && attributes.Integer("axis") is null or 1
            ? Define(node, plan, value, rank: 2)
            : "not to one row for each row";

    /// <summary>Removes the dimension of length 1: [rows, 1] or [rows, 1, width].</summary>
    public static string? ReadSqueeze(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        float[]? axes = plan.TryNumber(node, 1, out NumberValue? constant) && constant.IsConstant
            ? plan.GetValues(constant)
            : [.. attributes.Integers("axes").Select(a => (float)a)];
        return plan.TryNumber(node, 0, out NumberValue? value) && axes is [1] && (value.Rank == 3 || value is { Rank: 2, Block.Width: 1 })
            ? Define(node, plan, value, value.Rank - 1)
            : "not of the second dimension, which is 1";
    }

    /// <summary>To [-1, width], or to [-1] where a row is one number.</summary>
    public static string? ReadReshape(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryNumber(node, 0, out NumberValue? value) || value.IsConstant
            || !plan.TryNumber(node, 1, out NumberValue? constant) || !constant.IsConstant || attributes.Integer("allowzero") is not (null or 0))
        {
            return "to a shape that is not constant";
        }

        float width = value.Block.Width;
        return plan.GetValues(constant) switch
        {
            [-1] when width == 1 => Define(node, plan, value, rank: 1),
            [-1, var columns] when columns == width => Define(node, plan, value, rank: 2),
            [0, var columns] when columns == width || columns == -1 => Define(node, plan, value, rank: 2),
            _ => "not to one row for each row",
        };
    }

    private static string? Define(NodeProto node, PlanBuilder plan, NumberValue? value, int rank)
    {
        if (value is not { IsConstant: false })
        {
            return "of a constant";
        }

        plan.Define(node.Output[0], value with { Rank = rank });
        return null;
    }
}
