using Shared.Contracts;
using Sync.Client.Reports;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Returns to the newest stored release that still verifies: when the node starts, and when its active release is
/// forbidden. It reads the store alone, and verifies everything again.</summary>
internal sealed class ReleaseFallback(UpdateServices node)
{
    /// <summary>Activates the last good release of the store, where nothing is active. Returns the refusal of its metadata.</summary>
    public async Task<Refusal?> RestoreAsync(CancellationToken cancellationToken)
    {
        if (node.State.Trust is null)
        {
            Result<NodeTrust> stored = await node.StoredTrust.LoadAsync(cancellationToken).ConfigureAwait(false);
            if (!stored.IsAccepted)
            {
                return stored.Refusal;
            }

            node.State.Trust = stored.Value;
        }

        await ReturnToLastGoodAsync(node.State.Trust, ModelChangeCause.Restore, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Stops a release that was revoked or is below the minimum, even where no other can take its place.</summary>
    public async Task WithdrawForbiddenAsync(CancellationToken cancellationToken)
    {
        if (node.State.Trust is { } trust && node.State.FindForbidden(trust.Policy) is { } refusal)
        {
            node.Logger.Withdrawn(node.Slot.Current!.Number, refusal.Reason, refusal.Detail);
            await ReturnToLastGoodAsync(trust, ModelChangeCause.Fallback, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Activates the newest stored release that still verifies, other than the active one, or none.</summary>
    public async Task ReturnToLastGoodAsync(NodeTrust trust, ModelChangeCause cause, CancellationToken cancellationToken)
    {
        LoadedRelease? before = node.Slot.Current;
        await node.State.AbandonNextAsync().ConfigureAwait(false);
        node.Slot.Swap(null);
        ActiveRecord? record = node.Store.ReadActive();
        foreach (StoredRelease stored in new[] { record?.Current, record?.Previous }.OfType<StoredRelease>().Where(r => r.Number != before?.Number))
        {
            Result<LoadedRelease> loaded = await LoadAsync(trust, stored, cancellationToken).ConfigureAwait(false);
            node.Reporter.Report(loaded.Refusal);
            if (loaded.IsAccepted)
            {
                node.Schemas.KeepRestored(loaded.Value);
                node.Slot.Swap(loaded.Value);
                break;
            }
        }

        node.Reporter.RaiseModelChanged(before, cause);
    }

    private async Task<Result<LoadedRelease>> LoadAsync(NodeTrust trust, StoredRelease stored, CancellationToken cancellationToken)
    {
        TargetReader targets = new(node.Store, sources: null);
        Result<PlannedRelease> plan = await node.Planner.PlanStoredAsync(trust, stored.Number, targets, cancellationToken).ConfigureAwait(false);
        if (!plan.IsAccepted)
        {
            return plan.Refusal;
        }

        if (node.Quarantine.Check(plan.Value) is { } quarantined)
        {
            return quarantined;
        }

        ArtifactSource artifacts = new(node.Store, sources: null, node.Options.Budgets.ArtifactBytes);
        return await ReleaseLoader.LoadAsync(
            plan.Value, running: null, stored.AcceptedAt,
            model => artifacts.AcquireAsync(model, trust, stored.AcceptedAt, cancellationToken),
            (model, file) => node.TryOut.RunAsync(model, file, cancellationToken)).ConfigureAwait(false);
    }
}
