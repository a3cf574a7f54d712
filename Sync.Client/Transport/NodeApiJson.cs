using System.Text.Json.Serialization;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Sync.Client.Transport;

/// <summary>The JSON of the relay's HTTP API as far as a node uses it, in the form of <see cref="RelayApiJson"/>: a program that is compiled to
/// native code holds what it reads.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeEnrollment))]
[JsonSerializable(typeof(UploadReport))]
[JsonSerializable(typeof(PaceEvent))]
[JsonSerializable(typeof(FilesEvent))]
[JsonSerializable(typeof(MetadataEvent))]
internal sealed partial class NodeApiJson : JsonSerializerContext;
