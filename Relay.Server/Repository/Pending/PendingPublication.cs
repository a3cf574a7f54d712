using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Pending;

/// <summary>A change of the targets metadata that waits until enough people have signed it.</summary>
/// <param name="Id">The version that it will have and the start of its digest.</param>
/// <param name="Metadata">The metadata file with the signatures so far.</param>
/// <param name="Threshold">Signatures by distinct keys that it needs.</param>
/// <param name="SignedBy">Ids of the keys that have signed.</param>
/// <param name="Signers">Ids of all keys that may sign.</param>
/// <param name="Added">Files that it lists and the present metadata does not, by path.</param>
/// <param name="Channels">Channels that will be pointed to another release at the same moment.</param>
public sealed record PendingPublication(
    string Id, DateTimeOffset Created, ReadOnlyMemory<byte> Metadata, long Version, DateTimeOffset Expires, int Threshold,
    IReadOnlyList<string> SignedBy, IReadOnlyList<string> Signers, IReadOnlyList<TargetFile> Added, IReadOnlyList<ChannelManifest> Channels)
{
    public bool IsComplete => SignedBy.Count >= Threshold;
}

/// <summary>The effect of signatures that were offered.</summary>
/// <param name="Refusal">Why none was taken; null when one or more were.</param>
/// <param name="Publication">The publication as it is now; null when there is none under the id.</param>
/// <param name="Published">True when it has become current with these.</param>
public sealed record SigningOutcome(Refusal? Refusal, PendingPublication? Publication, bool Published);

/// <summary>One signature over the canonical form of metadata.</summary>
/// <param name="Signature">Hex of its DER.</param>
public sealed record MetadataSignature(string KeyId, string Signature);
