using Relay.Server.Repository.Publishing;

namespace Relay.Server.Rollouts;

/// <summary>A rollout after its first try to publish.</summary>
/// <param name="Refusal">Why the release was refused; null when it was not, or the reason is the rollout's own.</param>
internal sealed record RolloutStart(Rollout Rollout, PublishRefusal? Refusal);
