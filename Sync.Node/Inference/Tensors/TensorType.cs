namespace Sync.Node.Inference.Tensors;

/// <summary>The datatypes of the protocol that can be an input. FP16 and BF16 are not: no column of a model has them.</summary>
internal enum TensorType
{
    Bool,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Int8,
    Int16,
    Int32,
    Int64,
    Fp32,
    Fp64,
    Bytes,
}

/// <summary>The names of datatypes, and their sizes.</summary>
internal static class TensorTypes
{
    private const string Known = "BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP32, FP64 or BYTES";

    /// <param name="tensor">Its name, for the message.</param>
    /// <exception cref="InferenceException">There is no such datatype.</exception>
    public static TensorType Parse(string name, string tensor) => name switch
    {
        "FP32" => TensorType.Fp32,
        "BYTES" => TensorType.Bytes,
        "FP64" => TensorType.Fp64,
        "INT64" => TensorType.Int64,
        "INT32" => TensorType.Int32,
        "INT16" => TensorType.Int16,
        "INT8" => TensorType.Int8,
        "UINT64" => TensorType.UInt64,
        "UINT32" => TensorType.UInt32,
        "UINT16" => TensorType.UInt16,
        "UINT8" => TensorType.UInt8,
        "BOOL" => TensorType.Bool,
        _ => throw Malformed.Create($"input '{tensor}' has datatype '{name}': use {Known}"),
    };

    public static string NameOf(TensorType type) => type.ToString().ToUpperInvariant();

    /// <summary>Bytes of an element; of a text, those of its length, which come before it.</summary>
    public static int SizeOf(TensorType type) => type switch
    {
        TensorType.Bool or TensorType.UInt8 or TensorType.Int8 => 1,
        TensorType.UInt16 or TensorType.Int16 => 2,
        TensorType.UInt64 or TensorType.Int64 or TensorType.Fp64 => 8,
        _ => 4,
    };
}
