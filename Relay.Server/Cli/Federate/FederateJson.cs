using System.Text.Json.Serialization;

namespace Relay.Server.Cli.Federate;

/// <summary>The JSON of files between owners.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TextsFile))]
internal sealed partial class FederateJson : JsonSerializerContext;
