using Shared.Contracts;
using Sync.Client.Storage;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Loads a release from the store alone, everything verified again: what ran last, or what ran before that.</summary>
internal sealed class LastGood(
    NodeStore store, ReleaseReader releases, ReleaseLoader loader, QuarantineList quarantine, RelaySyncBudgets budgets)
{
    private readonly TargetReader _targets = new(store, sources: null);
    private readonly ArtifactSource _artifacts = new(store, sources: null, budgets.ArtifactBytes);

    /// <summary>The newest stored release that still holds, with what was wrong with those before it.</summary>
    /// <param name="except">A release that is not asked for, or 0.</param>
    public async Task<(LoadedRelease? Release, List<Refusal> Refusals)> LoadAsync(
        NodeTrust trust, int except, CancellationToken cancellationToken)
    {
        List<Refusal> refusals = [];
        ActiveRecord? active = store.ReadActive();
        foreach (StoredRelease stored in new[] { active?.Current, active?.Previous }.OfType<StoredRelease>().Where(r => r.Number != except))
        {
            Result<LoadedRelease> loaded = await LoadAsync(trust, stored, cancellationToken).ConfigureAwait(false);
            if (loaded.IsAccepted)
            {
                return (loaded.Value, refusals);
            }

            refusals.Add(loaded.Refusal);
        }

        return (null, refusals);
    }

    private async Task<Result<LoadedRelease>> LoadAsync(NodeTrust trust, StoredRelease stored, CancellationToken cancellationToken)
    {
        Result<PlannedRelease> plan = await releases.ReadAsync(trust, stored.Number, _targets, cancellationToken).ConfigureAwait(false);
        if (!plan.IsAccepted)
        {
            return plan.Refusal;
        }

        return quarantine.Check(plan.Value) is { } refusal
            ? refusal
            : await loader.LoadAsync(plan.Value, trust, _artifacts, running: null, stored.AcceptedAt, cancellationToken).ConfigureAwait(false);
    }
}
