namespace SimulatedFleet;

/// <summary>What a node has verified and runs.</summary>
/// <param name="Timestamp">The version of the timestamp that led to it.</param>
internal sealed record NodeState(long Timestamp, int Release, IReadOnlyList<RunningModel> Models)
{
    public static NodeState Empty { get; } = new(0, 0, []);
}
