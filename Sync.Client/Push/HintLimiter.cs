namespace Sync.Client.Push;

/// <summary>Limits how often hints start an update: some at once, and later one after the other. A hint beyond it waits.</summary>
internal sealed class HintLimiter
{
    /// <summary>More than the stages of a rollout and its way back need in a row.</summary>
    public const int Burst = 10;

    /// <summary>The time after which one more is allowed.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(6);

    // The time at which the bucket is full again; each update moves it by a period.
    private TimeSpan _fullAt;

    /// <summary>The first time at which an update may start.</summary>
    public TimeSpan EarliestAt(TimeSpan now)
    {
        TimeSpan earliest = _fullAt - ((Burst - 1) * Period);
        return earliest > now ? earliest : now;
    }

    /// <summary>Counts an update that starts now.</summary>
    public void Take(TimeSpan now) => _fullAt = (_fullAt > now ? _fullAt : now) + Period;
}
