using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>A constant to the power of each value, computed by the C library as in ONNX Runtime. A constant exponent is not supported: ONNX
/// Runtime multiplies for some exponents, and its bits for a single row differ from those for a batch.</summary>
internal static class PowerOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryNumber(node, 0, out NumberValue? power) || power is not { IsConstant: true, IsFloat: true, Block.Width: 1 }
            || !plan.TryNumber(node, 1, out NumberValue? exponent) || exponent.IsConstant || !exponent.IsFloat
            || Broadcast.FindRank(power, exponent) is not { } rank)
        {
            return "not a float32 constant to the power of float32";
        }

        Block output = plan.Reserve(exponent.Block.Width);
        plan.Add(node, new BinaryStep<Power>(power.Block, exponent.Block, output), output, rank);
        return null;
    }

    private readonly struct Power : IBinaryFunction
    {
        public static float Apply(float left, float right) => MathF.Pow(left, right);
    }
}
