using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Replaces one value, usually NaN, by another, column by column.</summary>
internal static class ImputerOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryMatrix(node, 0, out NumberValue? input))
        {
            return "its input is not float32 [rows, width]";
        }

        float[] values = attributes.Floats("imputed_value_floats").ToArray();
        if (values.Length != 1 && values.Length != input.Block.Width)
        {
            return $"{values.Length} values for {input.Block.Width} columns";
        }

        Block output = plan.Reserve(input.Block.Width);
        plan.Add(node, new Step(input.Block, values, attributes.Float("replaced_value_float") ?? 0, output), output);
        return null;
    }

    private sealed class Step(Block input, float[] values, float replaced, Block output) : PlanStep
    {
        private readonly bool _replacesNan = float.IsNaN(replaced);

        public override void Run(in Rows rows)
        {
            int step = values.Length == 1 ? 0 : 1;
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> from = rows.Read(input, row);
                Span<float> to = rows.Write(output, row);
                for (int i = 0; i < to.Length; i++)
                {
                    bool isReplaced = from[i] == replaced || (_replacesNan && float.IsNaN(from[i]));
                    to[i] = isReplaced ? values[i * step] : from[i];
                }
            }
        }
    }
}
