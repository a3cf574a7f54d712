using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Operators;

/// <summary>Defines a second name for a value.</summary>
internal static class IdentityOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (node.Input.Count != 1 || plan.Find(node.Input[0]) is not { } value)
        {
            return "its input is not defined";
        }

        plan.Define(node.Output[0], value);
        return null;
    }
}
