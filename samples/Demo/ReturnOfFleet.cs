using SimulatedFleet;

namespace Demo;

/// <summary>How a fleet went back from a release.</summary>
/// <param name="Affected">The nodes that had run the release.</param>
/// <param name="Milliseconds">From the last report of it that was sent before the relay decided, until the last node was back.</param>
/// <param name="Downloads">Artifacts that were fetched on the way back.</param>
internal sealed record ReturnOfFleet(int Affected, long Milliseconds, int Downloads)
{
    /// <param name="journal">From the start of the rollout on.</param>
    /// <param name="haltedAt">When the relay decided, by the clock of this machine.</param>
    public static ReturnOfFleet Read(IReadOnlyList<FleetEvent> journal, int from, int to, DateTimeOffset haltedAt)
    {
        HashSet<string> affected = [.. journal.Where(e => e.Kind == FleetEventKind.Activated && e.Release == from).Select(e => e.Node)];
        FleetEvent[] back = [.. journal.Where(e => e.Kind == FleetEventKind.Activated && e.Release == to && affected.Contains(e.Node))];
        FleetEvent[] reports = [.. journal.Where(e => e.Kind == FleetEventKind.Reported && e.Release == from && e.At <= haltedAt)];
        return back.Length == 0 || reports.Length == 0
            ? throw new DemoException($"{affected.Count} nodes ran release {from}, {reports.Length} reported it in time, and {back.Length} went back")
            : new(affected.Count, (long)Math.Ceiling((back.Max(e => e.At) - reports.Max(e => e.At)).TotalMilliseconds), back.Sum(e => e.Downloads));
    }
}
