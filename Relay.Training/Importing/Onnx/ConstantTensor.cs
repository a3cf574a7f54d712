using System.Runtime.InteropServices;
using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Onnx;

/// <summary>Reads constants of a graph that is not trusted.</summary>
internal static class ConstantTensor
{
    public static long[] Integers(TensorProto constant) => constant.HasRawData && constant.DataType == (int)TensorProto.Types.DataType.Int64
        ? [.. MemoryMarshal.Cast<byte, long>(constant.RawData.Span)]
        : [.. constant.Int64Data];

    /// <summary>The number of elements by the dimensions; <see cref="int.MaxValue"/> for as many and for dimensions that are none.</summary>
    public static long Elements(TensorProto constant)
    {
        long count = 1;
        foreach (long dimension in constant.Dims)
        {
            count = dimension is >= 0 and <= int.MaxValue ? Math.Min(count * dimension, int.MaxValue) : int.MaxValue;
        }

        return count;
    }
}
