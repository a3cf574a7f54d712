namespace Relay.Server.Rollouts;

/// <summary>Wakes the worker: there may be something to decide.</summary>
internal sealed class RolloutSignal
{
    private readonly SemaphoreSlim _set = new(0, 1);
    private int _isSet;

    /// <summary>Cheap, however often it is called.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _set.Release();
        }
    }

    /// <summary>Waits until it is set, or the time has passed.</summary>
    public async Task WaitAsync(TimeSpan time, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(time, timeProvider);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _set.WaitAsync(linked.Token);
            Volatile.Write(ref _isSet, 0);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time has passed.
        }
    }
}
