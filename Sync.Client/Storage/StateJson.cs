using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sync.Client.Storage;

/// <summary>Reads the JSON of a state file, whatever it holds.</summary>
internal static class StateJson
{
    /// <summary>Null where the bytes are not of the type.</summary>
    public static T? Read<T>(byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }

        // A name with half a surrogate pair is an InvalidOperationException to the reader.
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ActiveRecord))]
[JsonSerializable(typeof(StoredMetadata))]
[JsonSerializable(typeof(List<KeptTargets>))]
[JsonSerializable(typeof(List<QuarantineEntry>))]
[JsonSerializable(typeof(NodeSteering))]
[JsonSerializable(typeof(List<StoredSchema>))]
[JsonSerializable(typeof(StoredEnrollment))]
internal sealed partial class StoreJson : JsonSerializerContext;
