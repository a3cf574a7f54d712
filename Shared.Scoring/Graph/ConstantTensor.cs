using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Graph;

/// <summary>Reads small constants of a graph. What is not float32 or int64 stays unknown, and with it who uses it.</summary>
internal static class ConstantTensor
{
    /// <summary>Integers up to here are exact as float32.</summary>
    public const long MaxInteger = 1 << 24;
    private const int MaxLength = 1 << 16;

    public static void Define(TensorProto tensor, PlanBuilder plan)
    {
        if (Read(tensor) is { } values)
        {
            plan.Define(tensor.Name, new NumberValue(plan.Constant(values), (DataType)tensor.DataType, tensor.Dims.Count));
        }
    }

    /// <summary>A list of integers, such as a shape; null where it is none.</summary>
    public static long[]? Integers(TensorProto? tensor) => tensor switch
    {
        { DataType: (int)DataType.Int64, HasRawData: true } when tensor.RawData.Length % sizeof(long) == 0 =>
            MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray(),
        { DataType: (int)DataType.Int64, HasRawData: false } => [.. tensor.Int64Data],
        _ => null,
    };

    private static float[]? Read(TensorProto tensor)
    {
        float[]? values = (DataType)tensor.DataType switch
        {
            DataType.Float when tensor.HasRawData => tensor.RawData.Length % sizeof(float) == 0
                ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()
                : null,
            DataType.Float => [.. tensor.FloatData],
            DataType.Int64 when Integers(tensor) is { } integers && integers.All(i => Math.Abs(i) <= MaxInteger) =>
                Array.ConvertAll(integers, i => (float)i),
            _ => null,
        };
        return values is { Length: >= 1 and <= MaxLength } && IsRow(tensor.Dims, values.Length) ? values : null;
    }

    // [], [n], [1, n]: what goes with a row of n.
    private static bool IsRow(RepeatedField<long> dimensions, int length) =>
        dimensions.Count == 0 ? length == 1 : dimensions[^1] == length && dimensions.Take(dimensions.Count - 1).All(d => d == 1);
}
