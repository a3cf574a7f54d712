using Relay.Server.Events;

namespace Relay.Server.Monitoring.Figures;

/// <summary>What this process holds.</summary>
internal sealed class ProcessFigures(Uptime uptime, EventStreams streams) : IFigureSource
{
    private static readonly Gauge Seconds = new("relay.uptime", "s", "Time since the relay started");
    private static readonly Gauge Streams = new("relay.event_streams", "{stream}", "Event streams that are open");

    public string Part => "process";

    public IReadOnlyList<Gauge> Gauges { get; } = [Seconds, Streams];

    public IEnumerable<Figure> Read() => [Seconds.Measure(uptime.Seconds), Streams.Measure(streams.Count)];
}
