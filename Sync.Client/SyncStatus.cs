using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client;

/// <summary>The state of a node: what it runs, what it refused, and whether its metadata are still valid.</summary>
/// <param name="Node">The node's name in check-ins.</param>
/// <param name="Channel">The channel that it follows.</param>
/// <param name="Release">The number of the active release; 0 when none is active.</param>
/// <param name="Stale">True when the metadata have expired: the node keeps serving the active release and accepts no new one.</param>
/// <param name="Models">The active version of each model, with its counts since it became active.</param>
/// <param name="RecentRefusals">The last 50, oldest first.</param>
/// <param name="Quarantine">Artifacts that failed their try-out on this node.</param>
/// <param name="LastRefresh">When the metadata were last current and whole; null before that.</param>
public sealed record SyncStatus(
    string Node, string Channel, int Release, bool Stale, IReadOnlyList<ActiveModel> Models,
    IReadOnlyList<RefusalReport> RecentRefusals, IReadOnlyList<QuarantinedArtifact> Quarantine, DateTimeOffset? LastRefresh)
{
    /// <summary>The refusals that hold at this moment, each with the time when it began: of the relay or a release, and of this machine (a full disk,
    /// a store that cannot be written). Empty when all is well. Each is written to the log when it begins and when it ends.</summary>
    public IReadOnlyList<RefusalReport> CurrentRefusals { get; init; } = [];

    /// <summary>True while the relay tells this node of changes by an event stream; the node polls as well. False for a <see cref="SyncClient"/>
    /// without a host.</summary>
    public bool HasEventStream { get; init; }

    /// <summary>The rule by which the node chooses its release.</summary>
    public NodeSteering Steering { get; init; } = NodeSteering.Following;

    /// <summary>The release that passed every check and becomes active when the maintenance window opens; null when none waits.</summary>
    public WaitingRelease? Waiting { get; init; }

    /// <summary>The metadata of the last whole update, by which the node chooses its release; null before the first.</summary>
    public HeldMetadata? Metadata { get; init; }

    /// <summary>The current shadow trial, or else the last one, model by model; empty when there was none.</summary>
    public IReadOnlyList<ShadowReport> Shadow { get; init; } = [];
}

/// <summary>The result of one update.</summary>
/// <param name="Activated">True when it made another release active, or none.</param>
/// <param name="Refusal">Why the release was refused; null when the node runs the release of its channel or its pin, holds its active
/// release, compares the new one in a shadow trial first, or waits for its maintenance window.</param>
public sealed record RefreshResult(bool Activated, Refusal? Refusal);

/// <summary>A refusal.</summary>
/// <param name="report">What was refused, why and when.</param>
public sealed class RefusedEventArgs(RefusalReport report) : EventArgs
{
    /// <summary>What was refused, why and when.</summary>
    public RefusalReport Report { get; } = report;
}
