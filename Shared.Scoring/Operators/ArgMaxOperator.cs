using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Operators;

/// <summary>The index of the maximum of each row, the first one on a tie.</summary>
internal static class ArgMaxOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryMatrix(node, 0, out NumberValue? input) || attributes.Integer("axis") is not (1 or -1)
            || attributes.Integer("select_last_index") is not (null or 0))
        {
            return "not the first maximum of a row";
        }

        Block output = plan.Reserve(1);
        plan.Add(node, new Step(input.Block, output), output, DataType.Int64, rank: attributes.Integer("keepdims") is 0 ? 1 : 2);
        return null;
    }

    private sealed class Step(Block input, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> values = rows.Read(input, row);
                int best = 0;
                for (int i = 1; i < values.Length; i++)
                {
                    best = values[i] > values[best] ? i : best;
                }

                rows.Write(output, row)[0] = best;
            }
        }
    }
}
