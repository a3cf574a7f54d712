using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Demo;

/// <summary>A version whose golden vectors do not hold: a node refuses it when it tries it out.</summary>
internal static class BrokenVersion
{
    /// <summary>A copy of an artifact with another number and one golden answer altered.</summary>
    public static byte[] Create(byte[] artifact, int number)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(artifact);
        Entry(model, ModelMetadataKeys.Version).Value = number.ToString(CultureInfo.InvariantCulture);

        StringStringEntryProto entry = Entry(model, ModelMetadataKeys.Golden);
        GoldenVectors golden = JsonSerializer.Deserialize(entry.Value, ModelJson.Default.GoldenVectors)!;
        uint[][] bits = [.. golden.OutputBits.Select(row => row.ToArray())];
        float answer = BitConverter.UInt32BitsToSingle(bits[0][0]);
        bits[0][0] = BitConverter.SingleToUInt32Bits(answer > 0.5f ? answer - 0.01f : answer + 0.01f);
        entry.Value = JsonSerializer.Serialize(golden with { OutputBits = bits }, ModelJson.Default.GoldenVectors);
        return model.ToByteArray();
    }

    private static StringStringEntryProto Entry(ModelProto model, string key) => model.MetadataProps.Single(p => p.Key == key);
}
