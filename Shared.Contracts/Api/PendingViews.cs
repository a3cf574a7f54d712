namespace Shared.Contracts.Api;

/// <summary>Answer 202 to a request that takes effect after people have signed.</summary>
/// <param name="Pending">The id under <see cref="Routes.Pending"/>.</param>
public sealed record PendingNotice(string Pending);

/// <summary>A publication that waits for signatures.</summary>
/// <param name="Version">Of the targets metadata.</param>
/// <param name="Threshold">Signatures by distinct keys that it needs.</param>
/// <param name="SignedBy">Ids of the keys that have signed.</param>
/// <param name="Signers">Ids of all keys that may sign.</param>
/// <param name="Files">Files that become current with it.</param>
/// <param name="Channels">Channels that change with it.</param>
/// <param name="Metadata">Text of the metadata file with the signatures so far; null in a list.</param>
public sealed record PendingView(
    string Id, DateTimeOffset CreatedAt, long Version, DateTimeOffset Expires, int Threshold, IReadOnlyList<string> SignedBy,
    IReadOnlyList<string> Signers, IReadOnlyList<PendingFileView> Files, IReadOnlyList<PendingChannelView> Channels, string? Metadata);

/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record PendingFileView(string Path, long Length, string Sha256);

/// <summary>A channel and its next release.</summary>
/// <param name="Candidate">During a rollout, the release that a part of the nodes runs instead.</param>
public sealed record PendingChannelView(string Channel, int Release, int? Candidate);

/// <summary>One signature over the canonical form of metadata.</summary>
/// <param name="Sig">Hex of its DER.</param>
public sealed record PendingSignature(string Keyid, string Sig);

/// <summary>Answer to signatures that were accepted.</summary>
/// <param name="Published">True when the threshold is reached and the publication is current.</param>
public sealed record PendingProgress(string Id, bool Published, int Threshold, IReadOnlyList<string> SignedBy);
