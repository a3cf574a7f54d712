using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Graph;

/// <summary>Reads the small constants of a graph. A constant that is neither float32 nor int64 is not defined, and no operator that needs
/// it can be read.</summary>
internal static class ConstantTensor
{
    /// <summary>All integers up to this one are exact as float32.</summary>
    public const long MaxInteger = 1 << 24;
    private const int MaxLength = 1 << 16;

    public static void Define(TensorProto tensor, PlanBuilder plan)
    {
        if (Read(tensor) is { } values)
        {
            plan.Define(tensor.Name, new NumberValue(plan.AddConstant(values), (DataType)tensor.DataType, tensor.Dims.Count));
        }
    }

    private static float[]? Read(TensorProto tensor)
    {
        float[]? values = (DataType)tensor.DataType switch
        {
            DataType.Float when tensor.HasRawData => tensor.RawData.Length % sizeof(float) == 0
                ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()
                : null,
            DataType.Float => [.. tensor.FloatData],
            DataType.Int64 when ReadIntegers(tensor) is { } integers && integers.All(i => Math.Abs(i) <= MaxInteger) =>
                Array.ConvertAll(integers, i => (float)i),
            _ => null,
        };
        return values is { Length: >= 1 and <= MaxLength } && IsRow(tensor.Dims, values.Length) ? values : null;
    }

    private static long[]? ReadIntegers(TensorProto tensor) =>
        !tensor.HasRawData ? [.. tensor.Int64Data]
        : tensor.RawData.Length % sizeof(long) == 0 ? MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray()
        : null;

    // [], [n] and [1, n] broadcast over rows of n columns.
    private static bool IsRow(RepeatedField<long> dimensions, int length) =>
        dimensions.Count == 0 ? length == 1 : dimensions[^1] == length && dimensions.Take(dimensions.Count - 1).All(d => d == 1);
}
