using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client;

/// <summary>What a node runs, what it did not take, and whether its metadata still hold.</summary>
/// <param name="Release">The release that answers; 0 before the first.</param>
/// <param name="Stale">True when the metadata has expired: the node serves on and takes nothing new.</param>
/// <param name="RecentRefusals">Oldest first, the last 50.</param>
/// <param name="LastRefresh">When the relay's metadata was last found current and whole; null before that.</param>
public sealed record SyncStatus(
    string Node, string Channel, int Release, bool Stale, IReadOnlyList<ActiveModel> Models,
    IReadOnlyList<RefusalReport> RecentRefusals, IReadOnlyList<QuarantinedArtifact> Quarantine, DateTimeOffset? LastRefresh)
{
    /// <summary>Who decides what the node runs.</summary>
    public NodeSteering Steering { get; init; } = NodeSteering.Following;

    /// <summary>How the release that runs beside the one that answers does, or how the last one did, model by model.</summary>
    public IReadOnlyList<ShadowReport> Shadow { get; init; } = [];
}

/// <summary>What one refresh came to.</summary>
/// <param name="Activated">True when another release answers since.</param>
/// <param name="Refusal">Why something was not taken; null when the node runs what its channel or its pin says, holds what it runs,
/// or shadows the release first.</param>
public sealed record RefreshResult(bool Activated, Refusal? Refusal);

/// <summary>Something was not taken.</summary>
public sealed class RefusedEventArgs(RefusalReport report) : EventArgs
{
    public RefusalReport Report { get; } = report;
}
