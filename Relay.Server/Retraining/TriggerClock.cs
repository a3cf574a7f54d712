namespace Relay.Server.Retraining;

/// <summary>The days on which a time of day was reached, as numbers that grow. Pure.</summary>
internal static class TriggerClock
{
    /// <summary>The number of the day on which the time was last reached, from 1970 in UTC.</summary>
    public static long LastDay(TimeOnly time, DateTimeOffset now) =>
        (long)Math.Floor((now - DateTimeOffset.UnixEpoch - time.ToTimeSpan()).TotalDays);
}
