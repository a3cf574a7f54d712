namespace Shared.Contracts.Api;

/// <summary>An item of GET /v1/nodes/{id}/history, the newest first. All times are the relay's, of the reports that it received.</summary>
/// <param name="Kind">A name of <see cref="NodeIntervalKind"/>.</param>
/// <param name="From">Of the first report, or of the last one before a gap.</param>
/// <param name="To">Of the last report, or of the first one after a gap; null while the gap goes on.</param>
public sealed record NodeIntervalView(string Kind, DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>The channel that the node followed; null where nothing is known.</summary>
    public string? Channel { get; init; }

    /// <summary>The release that was active; 0 for none, null where nothing is known.</summary>
    public int? Release { get; init; }

    /// <summary>The versions that were active; null where nothing is known.</summary>
    public IReadOnlyList<NodeHistoryModel>? Models { get; init; }

    /// <summary>What decided over the release, for people; null for the channel.</summary>
    public string? Steering { get; init; }

    /// <summary>True where the metadata of the node had expired.</summary>
    public bool? Stale { get; init; }

    /// <summary>True where the node's key signed the reports; false: nothing proves them.</summary>
    public bool? Signed { get; init; }

    /// <summary>When the node was removed, which ended the interval; null where it was not.</summary>
    public DateTimeOffset? RemovedAt { get; init; }
}

/// <summary>What is known of a part of a node's history.</summary>
public enum NodeIntervalKind
{
    /// <summary>Every report of the time said the same, and no two in a row were further apart than 15 minutes.</summary>
    Ran,

    /// <summary>The node did not report.</summary>
    Gap,

    /// <summary>The node changed what it reported more often than the relay keeps.</summary>
    Crowded,
}

/// <summary>A version that a node ran.</summary>
/// <param name="Sha256">Of the artifact.</param>
public sealed record NodeHistoryModel(string Name, int Version, string Sha256);

/// <summary>Answer of GET /v1/nodes/{id}/history?at=: what a node ran at a time, and why it believed so.</summary>
/// <param name="At">The time that was asked for.</param>
/// <param name="Standing">A name of <see cref="NodeHistoryStanding"/>.</param>
/// <param name="Detail">The answer in one line, for people.</param>
public sealed record NodeHistoryAnswer(string Node, DateTimeOffset At, string Standing, string Detail)
{
    /// <summary>The nearest report before, or at, the time; null where none is kept.</summary>
    public NodeHistoryReport? Before { get; init; }

    /// <summary>The nearest report after the time; null where none is kept.</summary>
    public NodeHistoryReport? After { get; init; }

    /// <summary>The beginning of what this relay keeps; older questions have no answer.</summary>
    public DateTimeOffset KeptSince { get; init; }
}

/// <summary>How the reports stand to the time of a question.</summary>
public enum NodeHistoryStanding
{
    /// <summary>The reports before and after agree, and so do all between them; or the report is the latest one, of this very time.</summary>
    Ran,

    /// <summary>The reports before and after differ: the node changed in between.</summary>
    Changed,

    /// <summary>The node did not report around this time.</summary>
    Gap,

    /// <summary>The node changed more often than the relay keeps.</summary>
    Crowded,

    /// <summary>The time is before the first report that is kept.</summary>
    BeforeFirst,

    /// <summary>The time is after the latest report.</summary>
    AfterLast,

    /// <summary>The time has not come, by the relay's clock.</summary>
    Future,
}

/// <summary>A report of a node, with what proves it.</summary>
/// <param name="SeenAt">When the relay received it, by the relay's clock.</param>
/// <param name="Text">The text of the check-in, to the byte as the node signed it.</param>
/// <param name="Signed">True when the node's key signed it; false: nothing proves it.</param>
public sealed record NodeHistoryReport(DateTimeOffset SeenAt, CheckIn CheckIn, string Text, bool Signed)
{
    /// <summary>When the node signed it, by the node's clock, within 5 minutes of the relay's; null where it is not signed.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>The request that was signed; null where it is not signed.</summary>
    public SignedCheckIn? Request { get; init; }

    /// <summary>Why the node believed what it ran, as far as signed documents say it; null where nothing is kept.</summary>
    public NodeBelief? Belief { get; init; }
}

/// <summary>The parts of a node's request that its signature covers (RFC 9421), with the key.</summary>
/// <param name="Target">Path and query.</param>
/// <param name="ContentDigest">The header <c>Content-Digest</c> (RFC 9530) of the text.</param>
/// <param name="SignatureInput">The header <c>Signature-Input</c>.</param>
/// <param name="Signature">The header <c>Signature</c>.</param>
/// <param name="PublicKey">The key that was enrolled under the node's id at that time: SubjectPublicKeyInfo, DER in base64.</param>
public sealed record SignedCheckIn(
    string Node, string Method, string Target, string ContentDigest, string SignatureInput, string Signature, string PublicKey)
{
    /// <summary>When the relay received the request, by the relay's clock.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>The version of the timestamp that the relay adds as the node's metadata; 0: none.</summary>
    public long Timestamp { get; init; }
}

/// <summary>The documents behind a report.</summary>
/// <param name="Timestamp">The version of the timestamp that leads to all of them; 0 where none is kept.</param>
/// <param name="Named">True when the signed report names this timestamp with its digest; false: it is the one that was current at the relay then, and
/// the node may have held another.</param>
/// <param name="Cause">A name of <see cref="NodeBeliefCause"/>.</param>
/// <param name="Detail">In one line, for people.</param>
/// <param name="Files">The documents, from the first root to the artifacts.</param>
public sealed record NodeBelief(long Timestamp, bool Named, string Cause, string Detail, IReadOnlyList<NodeHistoryFile> Files)
{
    /// <summary>The rollout whose candidate the node ran, by the relay's record; null where it ran none.</summary>
    public long? Rollout { get; init; }
}

/// <summary>Why a node ran a release.</summary>
public enum NodeBeliefCause
{
    /// <summary>The signed channel document named it.</summary>
    Channel,

    /// <summary>The signed channel document named it as the candidate for a part of the nodes, and the node is one of them.</summary>
    Candidate,

    /// <summary>The node was pinned to it; the signed metadata list it.</summary>
    Pinned,

    /// <summary>The node held it; the signed metadata list it.</summary>
    Held,

    /// <summary>The channel named another release, which the node had refused, not taken yet, or kept for its maintenance window.</summary>
    Kept,

    /// <summary>No release was active.</summary>
    None,

    /// <summary>The documents are not kept, or do not verify.</summary>
    Unknown,
}

/// <summary>A document or an artifact. GET /v1/nodes/{id}/history/evidence has its bytes under the same path.</summary>
/// <param name="Role">root, timestamp, snapshot, targets, channels; for targets: channel, release, policy, anchors, artifact, signature.</param>
/// <param name="Version">Of metadata; null for targets.</param>
public sealed record NodeHistoryFile(string Path, string Role, long? Version, string Sha256, long Length);
