using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Operators;

/// <summary>Compares two values number by number; a value of one column is broadcast to all columns of the other.</summary>
internal static class ComparisonOperator<TFunction>
    where TFunction : struct, IBinaryFunction
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryNumber(node, 0, out NumberValue? left) || !plan.TryNumber(node, 1, out NumberValue? right)
            || !left.IsFloat || !right.IsFloat || Broadcast.FindRank(left, right) is not { } rank)
        {
            return "its inputs are not float32 of shapes that broadcast within a row";
        }

        Block output = plan.Reserve(Math.Max(left.Block.Width, right.Block.Width));
        plan.Add(node, new BinaryStep<TFunction>(left.Block, right.Block, output), output, DataType.Bool, rank);
        return null;
    }
}
