namespace Shared.Platform.Timing;

/// <summary>A timeout that enforces a minimum rate: its deadline grows with each received byte.</summary>
internal sealed class MinimumRateTimeout : IDisposable
{
    private static readonly TimeSpan MaximumTimer = TimeSpan.FromMilliseconds(int.MaxValue);
    private readonly TimeSpan _grace;
    private readonly int _minimumBytesPerSecond;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly CancellationTokenSource _slow;
    private readonly CancellationTokenSource _either;
    private long _received;

    /// <param name="grace">The time before the rate counts.</param>
    public MinimumRateTimeout(TimeSpan grace, int minimumBytesPerSecond, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        (_grace, _minimumBytesPerSecond, _timeProvider) = (grace, minimumBytesPerSecond, timeProvider);
        _start = timeProvider.GetTimestamp();
        _slow = new CancellationTokenSource(grace, timeProvider);
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
        TimeSpan allowed = _grace + TimeSpan.FromSeconds((double)_received / _minimumBytesPerSecond);
        TimeSpan left = allowed - _timeProvider.GetElapsedTime(_start);
        _slow.CancelAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left > MaximumTimer ? MaximumTimer : left);
    }

    public void Dispose()
    {
        _either.Dispose();
        _slow.Dispose();
    }
}
