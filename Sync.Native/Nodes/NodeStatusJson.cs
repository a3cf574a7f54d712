using System.Text.Json;
using System.Text.Json.Serialization;
using Sync.Client;

namespace Sync.Native.Nodes;

/// <summary>The state of a node as JSON.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SyncStatus))]
internal sealed partial class NodeStatusJson : JsonSerializerContext
{
    public static string Write(SyncStatus status) => JsonSerializer.Serialize(status, Default.SyncStatus);
}
