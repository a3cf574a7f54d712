using Shared.Contracts.Api;

namespace SimulatedFleet;

/// <summary>What a node has verified and runs.</summary>
/// <param name="Metadata">The metadata that led to it; null before the first.</param>
internal sealed record NodeState(HeldMetadata? Metadata, int Release, IReadOnlyList<RunningModel> Models)
{
    /// <summary>The version of the timestamp; 0 before the first.</summary>
    public long Timestamp => Metadata?.Timestamp ?? 0;

    public static NodeState Empty { get; } = new(null, 0, []);
}
