using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>The JSON of specs, schemas, metrics, golden vectors and cards: camel case; unknown and repeated members are refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelSpec))]
[JsonSerializable(typeof(ModelSchema))]
[JsonSerializable(typeof(ModelMetrics))]
[JsonSerializable(typeof(GoldenVectors))]
[JsonSerializable(typeof(ModelCard))]
[JsonSerializable(typeof(SampleConsent))]
[JsonSerializable(typeof(IReadOnlyList<GateAcceptance>))]
public sealed partial class ModelJson : JsonSerializerContext;
