namespace Shared.Contracts.Api;

/// <summary>A node and its latest report.</summary>
/// <param name="SeenAt">When the relay received it, by the relay's clock.</param>
public sealed record NodeView(string Id, DateTimeOffset SeenAt, CheckIn CheckIn)
{
    /// <summary>When the relay received its first report, by the relay's clock; null in a history.</summary>
    public DateTimeOffset? FirstSeenAt { get; init; }

    /// <summary>True for a node that has enrolled, or has reported for a day or longer: it makes no room for nodes that have not; null in a
    /// history.</summary>
    public bool? Established { get; init; }

    /// <summary>True when the node's key signed the report; null from an older relay.</summary>
    public bool? Signed { get; init; }

    /// <summary>Since when the relay accepts nothing that the node's key signs; null for a node that is not banned, and in a history.</summary>
    public DateTimeOffset? BannedAt { get; init; }
}

/// <summary>Answer of DELETE /v1/nodes.</summary>
/// <param name="Removed">The number of nodes that were forgotten.</param>
public sealed record NodesRemoved(int Removed);

/// <summary>Answer of <see cref="Routes.LegacyStats"/>.</summary>
public sealed record RelayStats
{
    /// <summary>Seconds since this process started to serve requests.</summary>
    public required long UptimeSeconds { get; init; }

    public required int Models { get; init; }

    public required int Versions { get; init; }

    public required int Releases { get; init; }

    /// <summary>Runs by state.</summary>
    public required IReadOnlyDictionary<string, int> TrainingRuns { get; init; }

    /// <summary>Nodes that have reported at least once.</summary>
    public required int Nodes { get; init; }

    /// <summary>Nodes whose metadata has expired, by their latest reports.</summary>
    public required int StaleNodes { get; init; }

    /// <summary>Nodes with a quarantined artifact, by their latest reports.</summary>
    public required int Quarantined { get; init; }

    public required IReadOnlyDictionary<string, int> Channels { get; init; }

    public required IReadOnlyList<VersionPredictions> Predictions { get; init; }

    /// <summary>The copy of what nodes download in an S3-compatible store; null where there is none.</summary>
    public ObjectStoreView? ObjectStore { get; init; }
}

/// <summary>How far the copy in an S3-compatible store is.</summary>
public sealed record ObjectStoreView
{
    /// <summary>Address, bucket and prefix.</summary>
    public required string Bucket { get; init; }

    /// <summary>The version of the timestamp that the relay serves; 0 before it was read.</summary>
    public required long Current { get; init; }

    /// <summary>The version of the timestamp that the relay wrote or found there since it started; 0: none yet.</summary>
    public required long Copied { get; init; }

    /// <summary>When the copy was last compared and found whole.</summary>
    public DateTimeOffset? ComparedAt { get; init; }

    /// <summary>Since when the copy lacks what is current, or could not be compared; null: it has it.</summary>
    public DateTimeOffset? BehindSince { get; init; }

    /// <summary>Files that are still to be written.</summary>
    public required int Missing { get; init; }

    /// <summary>Objects with other bytes than the relay's files, and files that could not be copied.</summary>
    public required IReadOnlyList<string> Conflicts { get; init; }

    /// <summary>Why the last comparison did not end; null: it did.</summary>
    public string? Problem { get; init; }
}

/// <summary>The sums over the latest reports of all nodes for one version. Each node counts from its activation of the version.</summary>
public sealed record VersionPredictions(string Model, int Version, int Nodes, long Predictions, long Failures)
{
    /// <summary>Calls that got no answer because of the call.</summary>
    public long CallerFaults { get; init; }
}
