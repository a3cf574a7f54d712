namespace Sync.Client.Transport;

/// <summary>Cancels an answer that is slower than the budget: the time it may take grows with the bytes that came.</summary>
internal sealed class BodyClock : IDisposable
{
    private readonly RelaySyncBudgets budgets;
    private readonly TimeProvider time;
    private readonly long start;
    private readonly CancellationTokenSource slow;
    private readonly CancellationTokenSource either;
    private long received;

    public BodyClock(RelaySyncBudgets budgets, TimeProvider time, CancellationToken cancellation)
    {
        this.budgets = budgets;
        this.time = time;
        start = time.GetTimestamp();
        slow = new CancellationTokenSource(budgets.SlowBodyGrace, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, cancellation);
    }

    /// <summary>Cancelled when the answer is too slow, or by the caller.</summary>
    public CancellationToken Token => either.Token;

    /// <summary>True when the answer was too slow.</summary>
    public bool TooSlow => slow.IsCancellationRequested;

    public void Received(int bytes)
    {
        received += bytes;
        TimeSpan allowed = budgets.SlowBodyGrace + TimeSpan.FromSeconds((double)received / budgets.MinimumBytesPerSecond);
        TimeSpan left = allowed - time.GetElapsedTime(start);
        slow.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public void Dispose()
    {
        either.Dispose();
        slow.Dispose();
    }
}
