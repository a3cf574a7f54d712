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
    /// <summary>True where the operator said that a channel gets a model with another schema.</summary>
    public bool AcceptsSchemaChange { get; init; }

    /// <summary>The id of the API key that asked for it; null where it is not known.</summary>
    public string? ProposedBy { get; init; }

    public bool IsComplete => SignedBy.Count >= Threshold;

    /// <summary>The releases and the policy among <see cref="Added"/>, with their bytes: what the change means. Where it was not read with others,
    /// the test results as well.</summary>
    public IReadOnlyList<PendingDocument> Documents { get; init; } = [];

    /// <summary>The policy that becomes current with it; null when it does not change.</summary>
    public TrustPolicy? Policy => Documents.FirstOrDefault(document => document.File.Path == TargetPaths.Policy) is { } found
        ? TrustPolicy.Read(found.Content.Span).ValueOrThrow()
        : null;

    /// <summary>The releases that become current with it.</summary>
    public IReadOnlyList<ReleaseManifest> Releases =>
        [.. Documents.Where(document => TargetPaths.ReleaseNumberOf(document.File.Path) is not null).Select(ReadRelease)];

    /// <summary>The numbers of those of the releases that are not listed once it is current, in order.</summary>
    internal IReadOnlyList<int> FindUnlisted(IEnumerable<int> releases)
    {
        IReadOnlyDictionary<string, TargetFile> listed = ((TargetsMetadata)PendingPublications.Parse(Metadata).Metadata).Files;
        return [.. releases.Where(release => !listed.ContainsKey(TargetPaths.Release(release))).Order()];
    }

    private static ReleaseManifest ReadRelease(PendingDocument document) => TargetPaths.ReleaseNumberOf(document.File.Path) is { } number
        ? ReleaseManifest.Read(document.Content.Span, number).ValueOrThrow()
        : throw new InvalidDataException($"'{document.File.Path}' is not a release.");
}

/// <summary>A file of a pending publication that says what it means, with its bytes.</summary>
public sealed record PendingDocument(TargetFile File, ReadOnlyMemory<byte> Content);

/// <summary>The effect of signatures of which one or more were taken.</summary>
/// <param name="Publication">The publication with the signatures so far.</param>
/// <param name="Published">True when it has become current with these.</param>
public sealed record Approval(PendingPublication Publication, bool Published);

/// <summary>Why no signature was taken.</summary>
public enum ApprovalRefusalReason
{
    /// <summary>No publication waits under the id: it is unknown, published or superseded.</summary>
    UnknownPublication,

    /// <summary>No signature verifies, is by a key that may sign, and is new.</summary>
    NoNewSignature,

    /// <summary>The signatures would suffice, but a channel has come to run a model with another schema since the publication was requested, which
    /// the request does not accept.</summary>
    SchemaChange,

    /// <summary>The signatures would suffice, but a rollout runs on a channel that the publication changes.</summary>
    RolloutRunning,

    /// <summary>The signatures would suffice, but the rollout that asked for the publication is over.</summary>
    RolloutOver,

    /// <summary>The signatures would suffice, but a channel has come to name a release that the publication lists no more.</summary>
    ReleaseUnlisted,
}

/// <summary>No signature was taken, and nothing was changed.</summary>
/// <param name="Detail">One line for people.</param>
public sealed record ApprovalRefusal(ApprovalRefusalReason Reason, string Detail);

/// <summary>One signature over the canonical form of metadata.</summary>
/// <param name="Signature">Hex of its DER.</param>
public sealed record MetadataSignature(string KeyId, string Signature);
