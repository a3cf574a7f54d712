namespace Relay.Server.Training;

/// <summary>Gives the memory of runs back to the system when none has followed for a while: one that follows would only ask for it again.</summary>
/// <param name="release">Gives it back. It stops all threads for some ten milliseconds, so that it runs once for all runs in a row.</param>
internal sealed class RunMemory(TimeProvider timeProvider, Action release)
{
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private bool _isHeld;

    /// <summary>Notes that a run has ended.</summary>
    public void Hold() => _isHeld = true;

    /// <summary>Waits for the next run.</summary>
    public async Task<ClaimedRun> WaitAsync(Task<ClaimedRun> next, CancellationToken stoppingToken)
    {
        if (_isHeld && await Task.WhenAny(next, Task.Delay(IdleTime, timeProvider, stoppingToken)) != next && !stoppingToken.IsCancellationRequested)
        {
            _isHeld = false;
            release();
        }

        return await next;
    }
}
