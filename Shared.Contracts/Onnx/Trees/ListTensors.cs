using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Contracts.Onnx.Trees;

/// <summary>Checks the lists of a tree operator that are tensors. ONNX Runtime takes their length from the dimension alone, and reads
/// out of bounds where the dimension is too large.</summary>
internal static class ListTensors
{
    public static string? FindError(NodeProto node) =>
        node.Attribute.FirstOrDefault(a => a.T is { } tensor && !IsList(tensor)) is { } broken
            ? $"{broken.Name} is not a list as long as its dimension"
            : null;

    private static bool IsList(TensorProto tensor) =>
        tensor.Dims.Count == 1 && Length(tensor) is { } length && tensor.Dims[0] == length;

    /// <summary>Null for a type that no list of a tree operator has.</summary>
    private static long? Length(TensorProto tensor) => ((DataType)tensor.DataType, tensor.HasRawData) switch
    {
        (DataType.Float, false) => tensor.FloatData.Count,
        (DataType.Float, true) => Whole(tensor.RawData.Length, sizeof(float)),
        (DataType.Double, false) => tensor.DoubleData.Count,
        (DataType.Double, true) => Whole(tensor.RawData.Length, sizeof(double)),
        (DataType.Uint8, false) => tensor.Int32Data.Count,
        (DataType.Uint8, true) => tensor.RawData.Length,
        _ => null,
    };

    private static long? Whole(int bytes, int size) => bytes % size == 0 ? bytes / size : null;
}
