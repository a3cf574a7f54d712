using Relay.Server.ObjectStore;

namespace Relay.Server.Monitoring.Figures;

/// <summary>How far the copy in an object store is.</summary>
/// <param name="status">Null where there is none: then there are no figures.</param>
internal sealed class ObjectStoreFigures(CopyStatus? status, TimeProvider timeProvider) : IFigureSource
{
    private static readonly Gauge Behind = new(
        "relay.object.store.behind", "s", "Time since when the bucket lacks what is current, or could not be compared; 0: it has it");

    private static readonly Gauge Missing = new("relay.object.store.missing", "{file}", "Files that are still to be written to the bucket");

    private static readonly Gauge Conflicts = new(
        "relay.object.store.conflicts", "{file}", "Objects with other bytes than the relay's files, and files that could not be copied");

    public string Part => "object-store";

    public IReadOnlyList<Gauge> Gauges { get; } = [Behind, Missing, Conflicts];

    public IEnumerable<Figure> Read() => status?.State is { } state
        ?
        [
            Behind.Measure(state.BehindSince is { } since ? Math.Max(0, (timeProvider.GetUtcNow() - since).TotalSeconds) : 0),
            Missing.Measure(state.Missing),
            Conflicts.Measure(state.Conflicts.Count),
        ]
        : [];
}
