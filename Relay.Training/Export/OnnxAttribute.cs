using Google.Protobuf;
using Shared.Contracts.Onnx;
using Kind = Shared.Contracts.Onnx.AttributeProto.Types.AttributeType;

namespace Relay.Training.Export;

/// <summary>Attributes of an operator. The format requires the type beside the value.</summary>
internal static class OnnxAttribute
{
    public static AttributeProto Create(string name, long value) => new() { Name = name, I = value, Type = Kind.Int };

    public static AttributeProto Create(string name, float value) => new() { Name = name, F = value, Type = Kind.Float };

    public static AttributeProto Create(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = Kind.String };

    public static AttributeProto Create(string name, IEnumerable<long> values)
    {
        AttributeProto attribute = new() { Name = name, Type = Kind.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Create(string name, IEnumerable<float> values)
    {
        AttributeProto attribute = new() { Name = name, Type = Kind.Floats };
        attribute.Floats.AddRange(values);
        return attribute;
    }

    public static AttributeProto Create(string name, IEnumerable<ByteString> values)
    {
        AttributeProto attribute = new() { Name = name, Type = Kind.Strings };
        attribute.Strings.AddRange(values);
        return attribute;
    }

    public static AttributeProto Create(string name, IEnumerable<string> values) => Create(name, values.Select(ByteString.CopyFromUtf8));
}
