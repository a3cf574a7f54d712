namespace Sync.Client.Transport;

/// <summary>A timeout that enforces a minimum rate: its deadline grows with each received byte.</summary>
internal sealed class MinimumRateTimeout : IDisposable
{
    private readonly RelaySyncBudgets _budgets;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly CancellationTokenSource _slow;
    private readonly CancellationTokenSource _either;
    private long _received;

    public MinimumRateTimeout(RelaySyncBudgets budgets, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        (_budgets, _timeProvider) = (budgets, timeProvider);
        _start = timeProvider.GetTimestamp();
        _slow = new CancellationTokenSource(budgets.SlowBodyGrace, timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_slow.Token, cancellationToken);
    }

    /// <summary>Cancelled when the response is too slow, or by the caller.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>True when the response was too slow.</summary>
    public bool IsTooSlow => _slow.IsCancellationRequested;

    /// <summary>Extends the deadline for received bytes.</summary>
    public void AddReceived(int bytes)
    {
        _received += bytes;
        TimeSpan allowed = _budgets.SlowBodyGrace + TimeSpan.FromSeconds((double)_received / _budgets.MinimumBytesPerSecond);
        TimeSpan left = allowed - _timeProvider.GetElapsedTime(_start);
        _slow.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public void Dispose()
    {
        _either.Dispose();
        _slow.Dispose();
    }
}
