using Shared.Contracts.Onnx;
using Shared.Scoring.Functions;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>A function of one number.</summary>
internal interface IElementFunction
{
    static abstract float Of(float value);
}

/// <summary>Applies a function to every value.</summary>
internal sealed class ElementOperator<TFunction>
    where TFunction : struct, IElementFunction
{
    public string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryNumber(node, 0, out NumberValue? input) || input.IsConstant || !input.IsFloat)
        {
            return "its input is not float32";
        }

        Block output = plan.Reserve(input.Block.Width);
        plan.Add(node, new Step(input.Block, output), output, input.Rank);
        return null;
    }

    private sealed class Step(Block input, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> from = rows.Read(input, row);
                Span<float> to = rows.Write(output, row);
                for (int i = 0; i < from.Length; i++)
                {
                    to[i] = TFunction.Of(from[i]);
                }
            }
        }
    }
}

internal readonly struct Negation : IElementFunction
{
    public static float Of(float value) => -value;
}

internal readonly struct Magnitude : IElementFunction
{
    public static float Of(float value) => MathF.Abs(value);
}

internal readonly struct SquareRoot : IElementFunction
{
    public static float Of(float value) => MathF.Sqrt(value);
}

internal readonly struct Logistic : IElementFunction
{
    public static float Of(float value) => LogisticFunction.Of(value);
}
