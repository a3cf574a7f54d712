using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Operators;

/// <summary>Type conversions that change no number, because plans hold all numbers as float32.</summary>
internal static class CastOperator
{
    public static string? Read(NodeProto node, OperatorAttributes attributes, PlanBuilder plan)
    {
        if (!plan.TryNumber(node, 0, out NumberValue? value))
        {
            return "its input is not numbers";
        }

        DataType to = (DataType)(attributes.Integer("to") ?? 0);
        bool keeps = (value.Type, to) switch
        {
            (DataType.Float, DataType.Float) => true,
            (DataType.Int64 or DataType.Bool, DataType.Float or DataType.Int64) => true,
            _ => false,
        };
        if (!keeps)
        {
            return $"from {value.Type} to {to}";
        }

        plan.Define(node.Output[0], value with { Type = to });
        return null;
    }
}
