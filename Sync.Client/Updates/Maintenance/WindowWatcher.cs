using Sync.Client.Scoring;
using Sync.Client.Storage;

namespace Sync.Client.Updates.Maintenance;

/// <summary>Activates a prepared release when the maintenance window opens, also where no relay can be reached then. It looks at the clock each
/// minute at least: a clock may be set meanwhile.</summary>
/// <param name="oneAtATime">Held by each update, and while a release is activated.</param>
internal sealed class WindowWatcher(UpdateServices node, SemaphoreSlim oneAtATime) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _stopped = new();
    private bool _isWatching;

    /// <summary>Watches the prepared release, where there is one. For one caller at a time.</summary>
    public void Watch()
    {
        if (node.State.Prepared is { } prepared && !_isWatching && !_stopped.IsCancellationRequested)
        {
            _isWatching = true;
            _ = WatchAsync(prepared, _stopped.Token);
        }
    }

    public void Dispose() => _stopped.Cancel();

    private async Task WatchAsync(PreparedRelease first, CancellationToken cancellationToken)
    {
        try
        {
            PreparedRelease? prepared = first;
            while (prepared is not null)
            {
                TimeSpan left = prepared.OpensAt - node.TimeProvider.GetUtcNow();
                await Task.Delay(
                    left > TimeSpan.Zero && left < LongestWait ? left : LongestWait, node.TimeProvider, cancellationToken).ConfigureAwait(false);
                await oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await LookAsync().ConfigureAwait(false);
                    prepared = node.State.Prepared;
                    _isWatching = prepared is not null;
                }
                finally
                {
                    oneAtATime.Release();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The node was stopped, and its prepared release is freed by it.
        }
    }

    // With metadata that have expired, it waits for the next update.
    private async Task LookAsync()
    {
        if (node.State is not { Prepared: { } prepared, Trust: { } trust, IsStale: false })
        {
            return;
        }

        LoadedRelease? before = node.Slot.Current;
        try
        {
            node.Reporter.Report(node.Store.Prepare());
            if (NodeState.FindForbidden(prepared.Release, trust.Policy) is { } forbidden)
            {
                node.Reporter.Report(forbidden);
                await node.State.AbandonNextAsync().ConfigureAwait(false);
                return;
            }

            node.Gate.Admit(prepared.Release, trust, isPinned: false);
            node.Store.Flush();
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            node.Reporter.Report(node.Store.ToFault(e));
        }
        catch (Exception e)
        {
            node.Reporter.ReportUnexpected(e);
        }

        node.Reporter.RaiseModelChanged(before, ModelChangeCause.Sync);
    }
}
