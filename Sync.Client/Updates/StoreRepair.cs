using Shared.Contracts;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Brings back what the store of a running node lost: a deleted folder, or single files. What the node knows is written again, and
/// files of the active release are fetched again, so that the next start finds a whole store.</summary>
internal sealed class StoreRepair(UpdateServices node, RepositorySources sources)
{
    /// <summary>The refusal of a file that cannot be brought back; null where nothing is missing.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public async Task<Refusal?> RunAsync(NodeTrust trust, CancellationToken cancellationToken)
    {
        if (node.Store.Fault is not null)
        {
            return null;
        }

        node.Quarantine.WriteIfMissing();
        node.Schemas.WriteIfMissing();
        node.State.WriteSteeringIfMissing();
        return node.Slot.Current is { } running && !IsStored(running)
            ? await WriteReleaseAsync(running, trust, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private bool IsStored(LoadedRelease running) =>
        node.Store.HasActive && running.Scorers.Values.All(s => node.Store.HasArtifact(s.Version.Sha256));

    private async Task<Refusal?> WriteReleaseAsync(LoadedRelease running, NodeTrust trust, CancellationToken cancellationToken)
    {
        TargetReader targets = new(node.Store, sources);
        Result<PlannedRelease> plan = await node.Planner.PlanStoredAsync(trust, running.Number, targets, cancellationToken).ConfigureAwait(false);
        if (!plan.IsAccepted || !plan.Value.IsRunBy(running))
        {
            return plan.Refusal;
        }

        ArtifactSource artifacts = new(node.Store, sources, node.Options.Budgets.ArtifactBytes);
        foreach (PlannedModel model in plan.Value.Models.Where(m => !node.Store.HasArtifact(m.Sha256)))
        {
            Result<byte[]> file = await artifacts.AcquireAsync(model, trust, running.AcceptedAt, cancellationToken).ConfigureAwait(false);
            if (!file.IsAccepted)
            {
                return file.Refusal;
            }
        }

        node.Activator.Record(running);
        return null;
    }
}
