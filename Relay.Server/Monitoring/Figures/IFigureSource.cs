namespace Relay.Server.Monitoring.Figures;

/// <summary>Reads the figures of one part of the relay, in a time that does not depend on the number of nodes.</summary>
internal interface IFigureSource
{
    /// <summary>The part, as metrics and the log name it.</summary>
    string Part { get; }

    IReadOnlyList<Gauge> Gauges { get; }

    /// <summary>The figures of now. It may fail: the part then has no figures.</summary>
    IEnumerable<Figure> Read();
}
