using Shared.Contracts.Onnx;
using Sync.Client.Runtime.Managed.Graph;

namespace Sync.Client.Runtime.Managed.Operators;

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
        plan.Add(node, new Step(left.Block, right.Block, output), output, rank);
        return null;
    }

    private sealed class Step(Block left, Block right, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            int leftStep = left.Width == 1 ? 0 : 1;
            int rightStep = right.Width == 1 ? 0 : 1;
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> a = rows.Read(left, row);
                ReadOnlySpan<float> b = rows.Read(right, row);
                Span<float> to = rows.Write(output, row);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = TArithmetic.Of(a[i * leftStep], b[i * rightStep]);
                }
            }
        }
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
