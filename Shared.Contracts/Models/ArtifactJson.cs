using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>The JSON inside a model's file, in the form of <see cref="ModelJson"/> and without specs and cards: a node reads no others, and a
/// program that is compiled to native code holds what it reads.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelSchema))]
[JsonSerializable(typeof(ModelMetrics))]
[JsonSerializable(typeof(GoldenVectors))]
[JsonSerializable(typeof(SampleConsent))]
internal sealed partial class ArtifactJson : JsonSerializerContext;
