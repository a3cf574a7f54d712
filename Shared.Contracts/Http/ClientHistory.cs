namespace Shared.Contracts.Http;

/// <summary>The history of one client: its requests and failed logins, and the intervals between its requests.</summary>
internal struct ClientHistory
{
    public SecondCounts Requests;

    /// <summary>The index of its <see cref="FailedLogins"/>; 0 for a client without, as most are.</summary>
    public int FailedLogins;

    private long _requests;
    private long _firstTicks;
    private long _lastTicks;
    private double _meanInterval;
    private double _squaredDeviations;

    /// <summary>Adds a request to the rhythm.</summary>
    public Rhythm Observe(long ticks)
    {
        if (_requests++ == 0)
        {
            (_firstTicks, _lastTicks) = (ticks, ticks);
            return default;
        }

        ticks = Math.Max(ticks, _lastTicks);    // a clock that stepped back gives an interval of 0, never a negative one
        double sinceFirst = (ticks - _firstTicks) / (double)TimeSpan.TicksPerSecond;
        double sinceLast = (ticks - _lastTicks) / (double)TimeSpan.TicksPerSecond;
        _lastTicks = ticks;

        long intervals = _requests - 1;
        double deviation = sinceLast - _meanInterval;
        _meanInterval += deviation / intervals;
        _squaredDeviations += deviation * (sinceLast - _meanInterval);
        return new(sinceFirst, sinceLast, _squaredDeviations / intervals);
    }
}

/// <summary>The failed logins of one client.</summary>
internal struct FailedLogins : ISlabItem
{
    public SecondCounts Counts;

    public int Next { get; set; }
}

/// <param name="SinceFirst">Seconds since the first request.</param>
/// <param name="SinceLast">Seconds since the request before.</param>
/// <param name="Variance">Population variance of the seconds between requests, by Welford's recurrence.</param>
internal readonly record struct Rhythm(double SinceFirst, double SinceLast, double Variance);
