namespace Relay.Server.Rollouts;

/// <summary>Since when the relay hears its nodes by one clock: since it started, or since its clock was set. What nodes did not say before is no
/// silence.</summary>
internal sealed class ListeningTime(TimeProvider timeProvider)
{
    // More than any delay between the two readings of a moment.
    private static readonly TimeSpan LongestDrift = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private (DateTimeOffset Now, long Timestamp)? _last;
    private DateTimeOffset _since;

    /// <param name="now">The clock now.</param>
    public DateTimeOffset Since(DateTimeOffset now)
    {
        long timestamp = timeProvider.GetTimestamp();
        lock (_gate)
        {
            if (_last is not { } last || (now - last.Now - timeProvider.GetElapsedTime(last.Timestamp, timestamp)).Duration() > LongestDrift)
            {
                _since = now;
            }

            _last = (now, timestamp);
            return _since;
        }
    }
}
