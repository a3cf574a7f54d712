using System.Text.Json.Serialization;

namespace Sync.Client.Storage;

/// <summary>What the node runs and what it can go back to. It only points: everything is verified again before it is loaded.</summary>
/// <param name="Previous">The release that answered before and still is on disk.</param>
internal sealed record ActiveRecord(StoredRelease Current, StoredRelease? Previous);

/// <param name="Models">The models of this node only.</param>
internal sealed record StoredRelease(int Number, IReadOnlyList<StoredModel> Models);

internal sealed record StoredModel(string Name, int Version, string Sha256);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ActiveRecord))]
[JsonSerializable(typeof(List<Shared.Contracts.Api.QuarantinedArtifact>))]
internal sealed partial class StoreJson : JsonSerializerContext;
