using System.Text.Json.Serialization;

namespace Relay.Server.Federation;

/// <summary>The JSON between coordinator and owners.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(RoundEnd))]
internal sealed partial class FederationJson : JsonSerializerContext;
