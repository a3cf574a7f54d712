namespace Sync.Client.Push;

/// <summary>Waits before an event stream is opened again: a random time of a window that doubles with each failure (full jitter), so that a fleet
/// whose relay restarts does not come back at one moment.</summary>
internal sealed class ReconnectDelay
{
    public static readonly TimeSpan Maximum = TimeSpan.FromMinutes(5);

    /// <summary>After which a relay without event streams is asked again: it may be newer by then.</summary>
    public static readonly TimeSpan NotOffered = TimeSpan.FromHours(1);

    /// <summary>A stream that ended after less was of no use, and counts as a failure.</summary>
    public static readonly TimeSpan UsefulLife = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private TimeSpan _first = Shortest;
    private int _failures;

    /// <summary>The window of the next wait.</summary>
    public TimeSpan Window
    {
        get
        {
            double seconds = _first.TotalSeconds * Math.Pow(2, _failures);
            return seconds < Maximum.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Maximum;
        }
    }

    /// <summary>The wait after a stream ended.</summary>
    /// <param name="life">How long it was open; zero where it never was.</param>
    /// <param name="asked">The first wait that the relay stated; null for none.</param>
    public TimeSpan AfterEnd(TimeSpan life, TimeSpan? asked)
    {
        if (asked is { } first)
        {
            _first = first < Shortest ? Shortest : first > Longest ? Longest : first;
        }

        _failures = life >= UsefulLife ? 0 : Math.Min(_failures + 1, 20);
        return Window * Random.Shared.NextDouble();
    }

    /// <summary>The wait that a busy relay asked for, and up to half of it more.</summary>
    public static TimeSpan AfterBusy(TimeSpan asked) => asked * (1 + (Random.Shared.NextDouble() / 2));

    public static TimeSpan AfterNotOffered() => NotOffered * (0.8 + (0.4 * Random.Shared.NextDouble()));
}
