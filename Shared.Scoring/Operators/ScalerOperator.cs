using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>(x - offset) * scale, column by column.</summary>
internal static class ScalerOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryMatrix(node, 0, out NumberValue? input))
        {
            return "its input is not float32 [rows, width]";
        }

        float[] offsets = attributes.Floats("offset").ToArray();
        float[] scales = attributes.Floats("scale").ToArray();
        if (offsets.Length != scales.Length || (scales.Length != 1 && scales.Length != input.Block.Width))
        {
            return $"{offsets.Length} offsets and {scales.Length} scales for {input.Block.Width} columns";
        }

        Block output = plan.Reserve(input.Block.Width);
        plan.Add(node, new Step(input.Block, offsets, scales, output), output);
        return null;
    }

    private sealed class Step(Block input, float[] offsets, float[] scales, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            int step = scales.Length == 1 ? 0 : 1;
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> from = rows.Read(input, row);
                Span<float> to = rows.Write(output, row);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = (from[i] - offsets[i * step]) * scales[i * step];
                }
            }
        }
    }
}
