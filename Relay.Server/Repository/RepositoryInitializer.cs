using Relay.Server.Keys;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Renewal;
using Relay.Server.Repository.Rotation;

namespace Relay.Server.Repository;

/// <summary>The start-up step of a repository: finishes what a crash interrupted, and makes it ready to publish.</summary>
public sealed class RepositoryInitializer(TufRepository repository)
{
    /// <summary>Makes the first publication, with anchors and policy and without a release, when there is none; renews what is due.</summary>
    /// <exception cref="InvalidDataException">The folder does not verify, or a first root must be signed and no root keys are here.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await new RotationService(repository).ResumeAsync(cancellationToken);
        using (RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken))
        {
            PublishFirstOrRenew(transaction);
        }

        await new ApprovalService(repository).ResumeAsync(cancellationToken);
    }

    private void PublishFirstOrRenew(RepositoryTransaction transaction)
    {
        SigningKeys keys = repository.Keys;
        RepositoryChange change = transaction.StartChange();
        if (change.Snapshot is { } snapshot)
        {
            RenewalPlan.MarkDue(change, snapshot, keys, repository.TimeProvider.GetUtcNow());
            CompleteAboveLoss(transaction, change, snapshot);
            return;
        }

        RepositoryBootstrap.AddInitialTargets(change, keys.CmsRoots);
        if (keys.Ceremony is { } ceremony)
        {
            RepositoryBootstrap.AdoptCeremony(change, ceremony);
            transaction.Commit(change, RepositoryBootstrap.ReadAssignments(ceremony));

            // The ceremony signed the first version of targets, and nodes may have seen later ones.
            CompleteAboveLoss(transaction, transaction.StartChange(), transaction.Read());
        }
        else if (keys.HoldsRoot)
        {
            transaction.Commit(change, RoleAssignments.FromHeldKeys(keys));
        }
        else
        {
            throw new InvalidDataException("A first root must be signed, and fewer than two root keys are in the key folder.");
        }
    }

    /// <summary>Signs what nodes would refuse as too low, and stages it where people sign targets. Staged before, it is not staged again.</summary>
    private void CompleteAboveLoss(RepositoryTransaction transaction, RepositoryChange change, RepositorySnapshot snapshot)
    {
        bool needsPeople = RenewalPlan.MarkLost(change, snapshot, repository.Keys, repository.LowestVersion);
        transaction.Complete(change);
        if (needsPeople)
        {
            change = transaction.StartChange();
            change.TargetsChanged = true;
            transaction.Complete(change);
        }
    }
}
