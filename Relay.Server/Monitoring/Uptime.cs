namespace Relay.Server.Monitoring;

/// <summary>How long this relay has been up.</summary>
internal sealed class Uptime(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    public long Seconds => (long)time.GetElapsedTime(_began).TotalSeconds;
}
