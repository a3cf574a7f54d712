using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sync.Client.AspNetCore.Health;

/// <summary>JSON of the status, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NodeStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
