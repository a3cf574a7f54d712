using System.Text.Json.Serialization;
using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>Answer 202 to a request that takes effect after people have signed.</summary>
/// <param name="Pending">The id under <see cref="Routes.Pending"/>.</param>
public sealed record PendingNotice(string Pending);

/// <summary>A publication that waits for signatures.</summary>
public sealed record PendingView
{
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of the targets metadata.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>Signatures by distinct keys that it needs.</summary>
    public required int Threshold { get; init; }

    /// <summary>Ids of the keys that have signed.</summary>
    public required IReadOnlyList<string> SignedBy { get; init; }

    /// <summary>Ids of all keys that may sign.</summary>
    public required IReadOnlyList<string> Signers { get; init; }

    /// <summary>The id of the API key that asked for it; null where the relay does not know it.</summary>
    public string? ProposedBy { get; init; }

    /// <summary>Files that become current with it.</summary>
    public required IReadOnlyList<PendingFileView> Files { get; init; }

    /// <summary>Channels that change with it.</summary>
    public required IReadOnlyList<PendingChannelView> Channels { get; init; }

    /// <summary>Models whose schema differs from what these channels run now, by the files that the relay has. The signature does not cover
    /// this: only the relay states it.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init => field = value ?? []; } = [];

    /// <summary>Versions that these channels run instead of what they run now, with their figures. The signature does not cover this: only the relay
    /// states it.</summary>
    public IReadOnlyList<PendingVersionChange> VersionChanges { get; init => field = value ?? []; } = [];

    /// <summary>Releases that become current with it.</summary>
    public IReadOnlyList<ReleaseView> Releases { get; init => field = value ?? []; } = [];

    /// <summary>Versions that it revokes.</summary>
    public IReadOnlyList<PendingRevocation> Revokes { get; init => field = value ?? []; } = [];

    /// <summary>The minimum release that it sets; null where it stays.</summary>
    public int? MinimumRelease { get; init; }

    /// <summary>Releases that the metadata list no more with it, by number.</summary>
    public IReadOnlyList<int> Unlists { get; init => field = value ?? []; } = [];

    /// <summary>Text of the metadata file with the signatures so far; null in a list.</summary>
    public required string? Metadata { get; init; }
}

/// <summary>What becomes of a model on a channel.</summary>
/// <param name="From">The version that the channel runs; null: it runs none.</param>
/// <param name="To">The version that it will run; null: the model leaves the channel.</param>
public sealed record PendingVersionChange(string Channel, string Model, int? From, int? To)
{
    /// <summary>The first figure of the version that it runs; null where there is none.</summary>
    public MetricValue? FromQuality { get; init; }

    /// <summary>The first figure of the version that it will run; null where there is none. Each is of its own test rows.</summary>
    public MetricValue? ToQuality { get; init; }
}

/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record PendingFileView(string Path, long Length, string Sha256)
{
    /// <summary>The model that the file belongs to, as its signed label says; null for other files.</summary>
    public string? Model { get; init; }

    /// <summary>The version of the model.</summary>
    public int? Version { get; init; }

    /// <summary>The first release of the version.</summary>
    public int? Release { get; init; }

    /// <summary>The content of a release, of the policy or of a test result, so that approvers verify it against the metadata; null in a list and for
    /// other files.</summary>
    public string? Text { get; init; }
}

/// <summary>A version that a pending publication revokes.</summary>
/// <param name="Sha256">The artifact's, in lower-case hex.</param>
/// <param name="Reason">The reason that was given to the relay; null for none.</param>
public sealed record PendingRevocation(string Name, int Version, string Sha256, string? Reason);

/// <summary>A channel and its next release.</summary>
/// <param name="Candidate">During a rollout, the release that a part of the nodes runs instead.</param>
public sealed record PendingChannelView(string Channel, int Release, int? Candidate);

/// <summary>One signature over the canonical form of metadata.</summary>
/// <param name="Sig">Hex of its DER.</param>
public sealed record PendingSignature(string Keyid, string Sig)
{
    /// <summary>The gates that failed and that the signer accepts; null for none. The relay enters them
    /// into its audit log. Not written where it is null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GateAcceptance>? Accept { get; init; }
}

/// <summary>Answer to signatures that were accepted.</summary>
/// <param name="Published">True when the threshold is reached and the publication is current.</param>
public sealed record PendingProgress(string Id, bool Published, int Threshold, IReadOnlyList<string> SignedBy);
