using System.Text.Json.Serialization;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Sync.Client.Storage;

// A list of JSON may hold null although its type forbids it, and a number may be any: each record says whether it is whole.

/// <summary>The active release and the one before it. It only refers to files, which are verified again before they are loaded.</summary>
/// <param name="Previous">The release that was active before and is still on disk.</param>
internal sealed record ActiveRecord(StoredRelease Current, StoredRelease? Previous)
{
    [JsonIgnore]
    public bool IsWhole => Current.IsWhole && Previous?.IsWhole != false;
}

/// <param name="Models">The models of this node only.</param>
/// <param name="AcceptedAt">When it was verified first: its signers' certificates must have been valid then.</param>
internal sealed record StoredRelease(int Number, DateTimeOffset AcceptedAt, IReadOnlyList<StoredModel> Models)
{
    [JsonIgnore]
    public bool IsWhole => Number > 0 && Models.All(m => m is not null && TrustDocument.IsSha256(m.Sha256));
}

internal sealed record StoredModel(string Name, int Version, string Sha256);

/// <summary>The metadata of the last whole update, in one file, so that a crash cannot leave a set that does not fit together.</summary>
/// <param name="Roles">Targets roles in the order of delegation, top-level first.</param>
internal sealed record StoredMetadata(byte[] Timestamp, byte[] Snapshot, IReadOnlyList<StoredRole> Roles)
{
    [JsonIgnore]
    public bool IsWhole => Roles.All(r => r is not null);
}

/// <param name="Parent">The role that delegates to it; root for the top-level one.</param>
internal sealed record StoredRole(string Name, string Parent, byte[] File);

/// <summary>Targets metadata that listed a release of the store, which newer ones do not.</summary>
internal sealed record KeptTargets(int Release, byte[] File);

/// <summary>An artifact that failed its try-out here.</summary>
/// <param name="Failures">Number of failed try-outs.</param>
/// <param name="RetryAt">When it may be tried out again; null for never.</param>
internal sealed record QuarantineEntry(QuarantinedArtifact Artifact, int Failures, DateTimeOffset? RetryAt)
{
    [JsonIgnore]
    public bool IsWhole => Failures > 0 && Artifact.Version > 0 && TrustDocument.IsSha256(Artifact.Sha256)
        && RelayName.IsValid(Artifact.Model) && CheckInBounds.IsWord(Artifact.Reason);
}
