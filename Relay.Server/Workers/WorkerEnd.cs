namespace Relay.Server.Workers;

/// <summary>Waits at the end of the host until its workers have ended, before anything that they read is disposed. A host that is told to hurry, or
/// whose time to stop is over, does not wait by itself. It is made after all workers, so that the container disposes it before them.</summary>
internal sealed class WorkerEnd(IServiceProvider services) : IHostedService, IAsyncDisposable
{
    /// <summary>A worker that is stuck must not keep the process.</summary>
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(10);

    private BackgroundService[] _workers = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _workers = [.. services.GetServices<IHostedService>().OfType<BackgroundService>()];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (BackgroundService worker in _workers)
        {
            await worker.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_workers.Select(worker => worker.ExecuteTask ?? Task.CompletedTask))
            .WaitAsync(MaximumWait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
