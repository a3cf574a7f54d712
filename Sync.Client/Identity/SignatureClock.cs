namespace Sync.Client.Identity;

/// <summary>The time by which a node dates its signatures: that of its own clock until the relay says that it is wrong, and then the relay's
/// time and what has elapsed since. Nothing else goes by it: trust and expiry go by the node's own clock. For any thread.</summary>
internal sealed class SignatureClock(TimeProvider timeProvider)
{
    // A relay can say any time: these are those that the parameter of a signature can hold with years to spare.
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private volatile RelayTime? _relayTime;

    public DateTimeOffset Now => _relayTime is { } known ? known.Time + timeProvider.GetElapsedTime(known.ReadAt) : timeProvider.GetUtcNow();

    /// <summary>The relay's time and that of the node's own clock, when the relay said that it is wrong; null where it did not.</summary>
    public (DateTimeOffset Relay, DateTimeOffset Own)? Difference => _relayTime is { } known ? (known.Time, known.OwnTime) : null;

    /// <summary>Goes by the relay's time from now on; false for a time that no relay has.</summary>
    public bool TrySet(DateTimeOffset? relayTime)
    {
        if (relayTime is not { } time || time < Earliest || time > Latest)
        {
            return false;
        }

        _relayTime = new(time, timeProvider.GetUtcNow(), timeProvider.GetTimestamp());
        return true;
    }

    private sealed record RelayTime(DateTimeOffset Time, DateTimeOffset OwnTime, long ReadAt);
}
