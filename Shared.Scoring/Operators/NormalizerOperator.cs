using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Divides each row by its norm, in the order of operations of ONNX Runtime.</summary>
internal static class NormalizerOperator
{
    private enum Norm
    {
        Max,
        L1,
        L2,
    }

    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryMatrix(node, 0, out NumberValue? input))
        {
            return "its input is not float32 [rows, width]";
        }

        Norm? norm = (attributes.Text("norm") ?? "MAX") switch { "MAX" => Norm.Max, "L1" => Norm.L1, "L2" => Norm.L2, _ => null };
        if (norm is not { } known)
        {
            return $"by {attributes.Text("norm")}";
        }

        Block output = plan.Reserve(input.Block.Width);
        plan.Add(node, new Step(input.Block, known, output), output);
        return null;
    }

    private sealed class Step(Block input, Norm norm, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> from = rows.Read(input, row);
                Span<float> to = rows.Write(output, row);
                float by = norm switch { Norm.Max => Max(from), Norm.L1 => Sum(from), _ => SumOfSquares(from) };
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = by == 0 ? from[i] : norm is Norm.L2 ? Root(from[i], by) : from[i] / by;
                }
            }
        }

        private static float Root(float value, float by)
        {
            float root = MathF.Sqrt(value * value / by);
            return value < 0 ? -root : root;
        }

        private static float Max(ReadOnlySpan<float> values)
        {
            float max = float.MinValue;
            foreach (float value in values)
            {
                max = max < value ? value : max;
            }

            return max;
        }

        private static float Sum(ReadOnlySpan<float> values)
        {
            float sum = 0;
            foreach (float value in values)
            {
                sum += MathF.Abs(value);
            }

            return sum;
        }

        private static float SumOfSquares(ReadOnlySpan<float> values)
        {
            float sum = 0;
            foreach (float value in values)
            {
                sum += value * value;
            }

            return sum;
        }
    }
}
