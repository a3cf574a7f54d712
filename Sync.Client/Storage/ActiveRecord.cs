using System.Text.Json.Serialization;
using Shared.Contracts.Api;

namespace Sync.Client.Storage;

/// <summary>The active release and the one before it. It only refers to files, which are verified again before they are loaded.</summary>
/// <param name="Previous">The release that was active before and is still on disk.</param>
internal sealed record ActiveRecord(StoredRelease Current, StoredRelease? Previous);

/// <param name="Models">The models of this node only.</param>
/// <param name="AcceptedAt">When it was verified first: its signers' certificates must have been valid then.</param>
internal sealed record StoredRelease(int Number, DateTimeOffset AcceptedAt, IReadOnlyList<StoredModel> Models);

internal sealed record StoredModel(string Name, int Version, string Sha256);

/// <summary>The metadata of the last whole update, in one file, so that a crash cannot leave a set that does not fit together.</summary>
/// <param name="Roles">Targets roles in the order of delegation, top-level first.</param>
internal sealed record StoredMetadata(byte[] Timestamp, byte[] Snapshot, IReadOnlyList<StoredRole> Roles);

/// <param name="Parent">The role that delegates to it; root for the top-level one.</param>
internal sealed record StoredRole(string Name, string Parent, byte[] File);

/// <summary>An artifact that failed its try-out here.</summary>
/// <param name="Failures">Number of failed try-outs.</param>
/// <param name="RetryAt">When it may be tried out again; null for never.</param>
internal sealed record QuarantineEntry(QuarantinedArtifact Artifact, int Failures, DateTimeOffset? RetryAt);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ActiveRecord))]
[JsonSerializable(typeof(StoredMetadata))]
[JsonSerializable(typeof(List<QuarantineEntry>))]
[JsonSerializable(typeof(NodeSteering))]
[JsonSerializable(typeof(List<StoredSchema>))]
internal sealed partial class StoreJson : JsonSerializerContext;
