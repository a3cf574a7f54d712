using Shared.Contracts.Onnx;
using Shared.Scoring.Functions;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Softmax of each row.</summary>
internal static class SoftmaxOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        // The default axis is the last one; before version 13, the second. Both are the columns here.
        if (!plan.TryMatrix(node, 0, out NumberValue? input) || attributes.Integer("axis") is not (null or 1 or -1))
        {
            return "not along a row";
        }

        Block output = plan.Reserve(input.Block.Width);
        plan.Add(node, new Step(input.Block, output), output);
        return null;
    }

    private sealed class Step(Block input, Block output) : PlanStep
    {
        public override void Run(in Rows rows)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                SoftmaxFunction.Apply(rows.Read(input, row), rows.Write(output, row));
            }
        }
    }
}
