namespace SimulatedFleet;

/// <summary>What happened on a node, in the order in which it was known.</summary>
/// <param name="At">When it was done; for a check-in, when it was sent: the relay counts it before its acknowledgment is there.</param>
/// <param name="Timestamp">The same moment as a <see cref="System.Diagnostics.Stopwatch"/> tells it.</param>
/// <param name="Release">The release that the node ran then.</param>
/// <param name="Downloads">Artifacts that the node fetched for it.</param>
internal sealed record FleetEvent(FleetEventKind Kind, string Node, int Release, DateTimeOffset At, long Timestamp, int Downloads);

internal enum FleetEventKind
{
    /// <summary>The node has verified a release and runs it.</summary>
    Activated,

    /// <summary>The relay has acknowledged a check-in with usage.</summary>
    Reported,
}
