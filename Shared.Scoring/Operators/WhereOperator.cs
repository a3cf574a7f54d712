using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Operators;

/// <summary>Selects one of two values by a condition, number by number.</summary>
internal static class WhereOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryNumber(node, 0, out NumberValue? condition) || condition.Type is not DataType.Bool
            || !plan.TryNumber(node, 1, out NumberValue? whenTrue) || !plan.TryNumber(node, 2, out NumberValue? whenFalse)
            || whenTrue.Type != whenFalse.Type
            || Fits(condition, whenTrue) is false || Fits(condition, whenFalse) is false)
        {
            return "its inputs are not a condition and two values of its shape";
        }

        Block output = plan.Reserve(condition.Block.Width);
        plan.Add(
            node, new Step(condition.Block, whenTrue.Block, whenFalse.Block, output), output, whenTrue.Type, condition.Rank);
        return null;
    }

    private static bool Fits(NumberValue condition, NumberValue value) =>
        value.Block.Width <= condition.Block.Width && Broadcast.FindRank(condition, value) == condition.Rank;

    private sealed class Step(Block condition, Block whenTrue, Block whenFalse, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> conditions = rows.Read(condition, row);
                ReadOnlySpan<float> a = rows.Read(whenTrue, row);
                ReadOnlySpan<float> b = rows.Read(whenFalse, row);
                Span<float> to = rows.Write(output, row);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = conditions[i] != 0 ? a[a.Length == 1 ? 0 : i] : b[b.Length == 1 ? 0 : i];
                }
            }
        }
    }
}
