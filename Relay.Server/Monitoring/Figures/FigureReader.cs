using System.Diagnostics.Metrics;

namespace Relay.Server.Monitoring.Figures;

/// <summary>Reads all figures at once and keeps them for a second: a scrape asks for one gauge after the other, and more than one collector may ask.
/// A part that cannot be read has no figures, and hides none of another part.</summary>
internal sealed partial class FigureReader(IEnumerable<IFigureSource> sources, TimeProvider timeProvider, ILogger<FigureReader> log)
{
    public static readonly Gauge Readable = new(
        "relay.part.readable", "{part}", "1 where the figures of a part of the relay could be read, 0 where they could not: they are missing then");

    private static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(1);

    private readonly IFigureSource[] _sources = [.. sources];
    private readonly Lock _gate = new();
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);
    private (long ReadAt, ILookup<string, Measurement<double>> Figures)? _latest;

    public IEnumerable<Gauge> Gauges => _sources.SelectMany(source => source.Gauges).Append(Readable);

    /// <summary>The figures of a gauge, at most a second old; none where they cannot be read.</summary>
    public IEnumerable<Measurement<double>> Read(string gauge)
    {
        lock (_gate)
        {
            if (_latest is not { } latest || timeProvider.GetElapsedTime(latest.ReadAt) >= MaximumAge)
            {
                ILookup<string, Measurement<double>> figures =
                    _sources.SelectMany(ReadPart).ToLookup(figure => figure.Gauge.Name, figure => figure.Value);

                // After the read: one that takes longer than a second would be repeated for each gauge of a scrape.
                _latest = latest = (timeProvider.GetTimestamp(), figures);
            }

            return latest.Figures[gauge];
        }
    }

    private IReadOnlyList<Figure> ReadPart(IFigureSource source)
    {
        try
        {
            Figure[] figures = [.. source.Read()];
            if (_unreadable.Remove(source.Part))
            {
                LogReadable(source.Part);
            }

            return [.. figures, Readable.Measure(1, "part", source.Part)];
        }
        catch (Exception e)
        {
            // What cannot be read of a failing disk is what an operator wants to see the rest for.
            if (_unreadable.Add(source.Part))
            {
                LogUnreadable(e, source.Part);
            }

            return [Readable.Measure(0, "part", source.Part)];
        }
    }

    [LoggerMessage(1324, LogLevel.Error, "The metrics of the part {Part} cannot be read; the others go on")]
    private partial void LogUnreadable(Exception exception, string part);

    [LoggerMessage(1325, LogLevel.Information, "The metrics of the part {Part} can be read again")]
    private partial void LogReadable(string part);
}
