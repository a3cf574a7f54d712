using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>A function of two numbers.</summary>
internal interface IArithmetic
{
    static abstract float Of(float left, float right);
}

/// <summary>Joins two values number by number; one of one column, or a constant of one value, goes with every column.</summary>
internal sealed class ArithmeticOperator<TArithmetic>
    where TArithmetic : struct, IArithmetic
{
    public string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryNumber(node, 0, out NumberValue? left) || !plan.TryNumber(node, 1, out NumberValue? right)
            || !left.IsFloat || !right.IsFloat || Broadcast.Rank(left, right) is not { } rank)
        {
            return "its inputs are not float32 of shapes that go together";
        }

        Block output = plan.Reserve(Math.Max(left.Block.Width, right.Block.Width));
        plan.Add(node, new PairStep<TArithmetic>(left.Block, right.Block, output), output, rank);
        return null;
    }
}

internal readonly struct Sum : IArithmetic
{
    public static float Of(float left, float right) => left + right;
}

internal readonly struct Difference : IArithmetic
{
    public static float Of(float left, float right) => left - right;
}

internal readonly struct Product : IArithmetic
{
    public static float Of(float left, float right) => left * right;
}

internal readonly struct Quotient : IArithmetic
{
    public static float Of(float left, float right) => left / right;
}
