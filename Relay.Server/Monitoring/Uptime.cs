namespace Relay.Server.Monitoring;

/// <summary>The time since the relay started.</summary>
internal sealed class Uptime(TimeProvider timeProvider)
{
    private readonly long _started = timeProvider.GetTimestamp();

    public long Seconds => (long)timeProvider.GetElapsedTime(_started).TotalSeconds;
}
