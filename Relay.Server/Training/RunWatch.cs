namespace Relay.Server.Training;

/// <summary>Work beside a run, which ends with it.</summary>
internal sealed class RunWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    /// <param name="work">Runs until its token is cancelled.</param>
    public RunWatch(Func<CancellationToken, Task> work) => _work = work(_end.Token);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }
}
