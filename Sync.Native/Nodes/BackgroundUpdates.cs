using Sync.Client.Hosting;

namespace Sync.Native.Nodes;

/// <summary>The updates of a node in the background, from their start to their end.</summary>
internal sealed class BackgroundUpdates
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public BackgroundUpdates(SyncWorker worker) => _running = Task.Run(() => worker.RunAsync(_stop.Token));

    /// <summary>Returns once the last update has ended.</summary>
    public void Stop()
    {
        _stop.Cancel();
        ((Task)_running.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)).Wait();
        _stop.Dispose();
    }
}
