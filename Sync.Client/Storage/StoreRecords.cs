using System.Text.Json.Serialization;
using Shared.Contracts.Api;

namespace Sync.Client.Storage;

/// <summary>What the node runs and what it can go back to. It only points: everything is verified again before it is loaded.</summary>
/// <param name="Previous">The release that answered before and still is on disk.</param>
internal sealed record ActiveRecord(StoredRelease Current, StoredRelease? Previous);

/// <param name="Models">The models of this node only.</param>
/// <param name="AcceptedAt">When it was verified first: its signers' certificates must have been valid then.</param>
internal sealed record StoredRelease(int Number, DateTimeOffset AcceptedAt, IReadOnlyList<StoredModel> Models);

internal sealed record StoredModel(string Name, int Version, string Sha256);

/// <summary>The metadata of the last whole update, in one file so that a crash between two of them leaves a set that fits.</summary>
/// <param name="Roles">Targets roles in the order in which they vouch for each other, top-level first.</param>
internal sealed record StoredMetadata(byte[] Timestamp, byte[] Snapshot, IReadOnlyList<StoredRole> Roles);

/// <param name="Parent">The role that delegates to it; root for the top-level one.</param>
internal sealed record StoredRole(string Name, string Parent, byte[] File);

/// <summary>An artifact that failed its try-out here.</summary>
/// <param name="Failures">Try-outs that it failed.</param>
/// <param name="RetryAt">When it may be tried out again; null for never.</param>
internal sealed record QuarantineEntry(QuarantinedArtifact Artifact, int Failures, DateTimeOffset? RetryAt);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ActiveRecord))]
[JsonSerializable(typeof(StoredMetadata))]
[JsonSerializable(typeof(List<QuarantineEntry>))]
[JsonSerializable(typeof(NodeSteering))]
internal sealed partial class StoreJson : JsonSerializerContext;
