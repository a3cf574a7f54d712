using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Kind = Shared.Contracts.Onnx.AttributeProto.Types.AttributeType;

namespace Shared.Contracts.Onnx;

/// <summary>The attributes of an operator by name and type. A list of floats is an attribute of floats or of a tensor.</summary>
internal sealed class OperatorAttributes(NodeProto node)
{
    private const string TensorSuffix = "_as_tensor";
    private readonly Dictionary<string, AttributeProto> _byName = node.Attribute.ToDictionary(a => a.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> _floats = new(StringComparer.Ordinal);

    public long ClassCount => Math.Max(Integers("classlabels_int64s").Count, Texts("classlabels_strings").Count);

    public RepeatedField<long> Integers(string name) => Find(name, Kind.Ints)?.Ints ?? [];

    public RepeatedField<ByteString> Texts(string name) => Find(name, Kind.Strings)?.Strings ?? [];

    /// <summary>Null where the attribute is absent; 0 where it has no value.</summary>
    public long? Integer(string name) => Find(name, Kind.Int)?.I;

    public float? Float(string name) => Find(name, Kind.Float)?.F;

    public string? Text(string name) => Find(name, Kind.String)?.S.ToStringUtf8();

    public bool Has(string name) => _byName.ContainsKey(name);

    public TensorProto? Tensor(string name) => Find(name, Kind.Tensor)?.T;

    /// <summary>True when a list is given both as floats and as a tensor, so that readers could use either.</summary>
    public bool IsAmbiguous(string name) => _byName.ContainsKey(name) && _byName.ContainsKey(name + TensorSuffix);

    /// <summary>The list of this name, or of this name with <c>_as_tensor</c>, doubles rounded; empty where both are absent.</summary>
    public ReadOnlySpan<float> Floats(string name)
    {
        if (!_floats.TryGetValue(name, out float[]? values))
        {
            values = Find(name, Kind.Floats) is { Floats.Count: > 0 } found
                ? [.. found.Floats]
                : Read(Tensor(name) ?? Tensor(name + TensorSuffix));
            _floats.Add(name, values);
        }

        return values;
    }

    // ONNX Runtime ignores an attribute whose type is not the expected one.
    private AttributeProto? Find(string name, Kind type) =>
        _byName.TryGetValue(name, out AttributeProto? found) && found.Type == type ? found : null;

    private static float[] Read(TensorProto? tensor)
    {
        switch ((TensorProto.Types.DataType?)tensor?.DataType)
        {
            case TensorProto.Types.DataType.Float when tensor!.HasRawData && tensor.RawData.Length % sizeof(float) == 0:
                return MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
            case TensorProto.Types.DataType.Float:
                return [.. tensor!.FloatData];
            case TensorProto.Types.DataType.Double when tensor!.HasRawData && tensor.RawData.Length % sizeof(double) == 0:
                return Array.ConvertAll(MemoryMarshal.Cast<byte, double>(tensor.RawData.Span).ToArray(), d => (float)d);
            case TensorProto.Types.DataType.Double:
                return [.. tensor!.DoubleData.Select(d => (float)d)];
            default:
                return [];
        }
    }
}
