using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Operators;

/// <summary>Compares two values number by number; true is 1.</summary>
internal sealed class ComparisonOperator<TComparison>
    where TComparison : struct, IArithmetic
{
    public string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryNumber(node, 0, out NumberValue? left) || !plan.TryNumber(node, 1, out NumberValue? right)
            || !left.IsFloat || !right.IsFloat || Broadcast.Rank(left, right) is not { } rank)
        {
            return "its inputs are not float32 of shapes that go together";
        }

        Block output = plan.Reserve(Math.Max(left.Block.Width, right.Block.Width));
        plan.Add(node, new PairStep<TComparison>(left.Block, right.Block, output), output, DataType.Bool, rank);
        return null;
    }
}

internal readonly struct IsLess : IArithmetic
{
    public static float Of(float left, float right) => left < right ? 1 : 0;
}

internal readonly struct IsAtMost : IArithmetic
{
    public static float Of(float left, float right) => left <= right ? 1 : 0;
}

internal readonly struct IsGreater : IArithmetic
{
    public static float Of(float left, float right) => left > right ? 1 : 0;
}

internal readonly struct IsAtLeast : IArithmetic
{
    public static float Of(float left, float right) => left >= right ? 1 : 0;
}
