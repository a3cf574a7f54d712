using Shared.Contracts.Api;

namespace Sync.Client.AspNetCore;

/// <summary>The answer of <see cref="RelayHealth.MapRelayStatus"/>.</summary>
/// <param name="Node">The node's name in check-ins.</param>
/// <param name="Channel">The channel that it follows.</param>
/// <param name="Release">The number of the active release; 0 when none is active.</param>
/// <param name="Stale">True when the metadata have expired: the node accepts no new release.</param>
/// <param name="Steering">The rule by which the node chooses its release.</param>
/// <param name="LastRefresh">When the metadata were last current and whole; null before that.</param>
/// <param name="Models">The active version of each model, with its counts.</param>
/// <param name="Refusals">The refusals that hold now.</param>
/// <param name="Quarantine">Artifacts that failed their try-out on this node.</param>
public sealed record NodeStatus(
    string Node, string Channel, int Release, bool Stale, string Steering, DateTimeOffset? LastRefresh, IReadOnlyList<ActiveModel> Models,
    IReadOnlyList<RefusalReport> Refusals, IReadOnlyList<QuarantinedArtifact> Quarantine);
