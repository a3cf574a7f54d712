using Sync.Client.Storage;

namespace Sync.Client.Updates.Shadow;

/// <summary>Settles each shadow trial when it has ended. A trial lasts minutes: updates, and with them revocations, go on meanwhile.</summary>
/// <param name="oneAtATime">Held by each update, and while a trial is settled.</param>
/// <param name="onSettled">Called before that ends.</param>
internal sealed class TrialWatcher(UpdateServices node, SemaphoreSlim oneAtATime, Action onSettled)
{
    private ShadowTrial? _watched;

    /// <summary>Completes when the last trial has ended and its release was activated, refused or abandoned.</summary>
    public Task Settled { get; private set; } = Task.CompletedTask;

    /// <summary>Watches the node's trial, where an update began one. For one caller at a time.</summary>
    public void Watch()
    {
        if (node.State.Trial is { } trial && trial != _watched)
        {
            _watched = trial;
            Settled = SettleAsync(trial);
        }
    }

    private async Task SettleAsync(ShadowTrial trial)
    {
        try
        {
            await trial.Ended.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The next update abandons the trial.
            node.Reporter.ReportUnexpected(e);
            return;
        }

        await oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            if (trial == node.State.Trial && node.State.Trust is { } trust)
            {
                node.Reporter.Report(node.Store.Prepare());
                new TrialSettlement(node).Settle(trial, trust);
            }
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            node.Reporter.Report(node.Store.ToFault(e));
        }
        catch (Exception e)
        {
            node.Reporter.ReportUnexpected(e);
        }
        finally
        {
            onSettled();
            oneAtATime.Release();
        }
    }
}
