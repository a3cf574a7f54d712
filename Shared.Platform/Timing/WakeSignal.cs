namespace Shared.Platform.Timing;

/// <summary>Ends the pause of a loop early. A signal during the loop's work ends the next pause; several are one.</summary>
internal sealed class WakeSignal
{
    private TaskCompletionSource _woken = Create();

    public void Set() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>Waits for a signal, or for as long as the pause is.</summary>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public async Task WaitAsync(TimeSpan pause, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        TaskCompletionSource woken = Volatile.Read(ref _woken);
        await woken.Task.WaitAsync(pause, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (woken.Task.IsCompleted)
        {
            Volatile.Write(ref _woken, Create());
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
