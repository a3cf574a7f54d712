using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Applies a function to every value.</summary>
internal static class UnaryOperator<TFunction>
    where TFunction : struct, IUnaryFunction
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
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
                    to[i] = TFunction.Apply(from[i]);
                }
            }
        }
    }
}
