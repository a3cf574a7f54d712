namespace Shared.Contracts.Http;

/// <summary>The history of one client: its request rate, failed logins and intervals between requests.</summary>
internal sealed class ClientHistory
{
    private readonly SlidingWindowCounter _requests = new(5 * 60);
    private readonly SlidingWindowCounter _failedLogins = new(30 * 60);
    private long _firstTicks;
    private long _lastTicks;
    private long _intervals = -1;               // -1: no request yet
    private double _meanInterval;
    private double _squaredDeviations;

    public double SecondsSinceFirst { get; private set; }

    public double SecondsSinceLast { get; private set; }

    /// <summary>Population variance of the seconds between requests, by Welford's recurrence.</summary>
    public double IntervalVariance => _intervals > 0 ? _squaredDeviations / _intervals : 0;

    /// <summary>Adds a request. The properties then describe it.</summary>
    public void Observe(DateTimeOffset at)
    {
        long ticks = at.UtcTicks;
        _requests.Add(ticks / TimeSpan.TicksPerSecond);
        if (_intervals < 0)
        {
            (_firstTicks, _lastTicks, _intervals) = (ticks, ticks, 0);
            return;
        }

        ticks = Math.Max(ticks, _lastTicks);    // a clock that stepped back gives an interval of 0, never a negative one
        SecondsSinceFirst = (ticks - _firstTicks) / (double)TimeSpan.TicksPerSecond;
        SecondsSinceLast = (ticks - _lastTicks) / (double)TimeSpan.TicksPerSecond;
        _lastTicks = ticks;

        _intervals++;
        double deviation = SecondsSinceLast - _meanInterval;
        _meanInterval += deviation / _intervals;
        _squaredDeviations += deviation * (SecondsSinceLast - _meanInterval);
    }

    public void ObserveFailedLogin(DateTimeOffset at) => _failedLogins.Add(at.UtcTicks / TimeSpan.TicksPerSecond);

    public long RequestsAt(DateTimeOffset at) => _requests.CountAt(at.UtcTicks / TimeSpan.TicksPerSecond);

    public long FailedLoginsAt(DateTimeOffset at) => _failedLogins.CountAt(at.UtcTicks / TimeSpan.TicksPerSecond);
}
