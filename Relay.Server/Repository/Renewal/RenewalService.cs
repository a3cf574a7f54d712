using Relay.Server.Repository.Pending;

namespace Relay.Server.Repository.Renewal;

/// <summary>Renews metadata before it expires: signs what the relay's own keys can sign, and stages the rest for people.</summary>
public sealed class RenewalService(TufRepository repository)
{
    private readonly PendingPublications _pending = repository.Pending;

    /// <summary>Signs again what is due, long before it expires. True when something was; <see cref="NextDue"/> says when to call next.</summary>
    public async Task<bool> RenewDueAsync(CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        RepositoryChange change = transaction.StartChange();
        bool isDue = RenewalPlan.MarkDue(change, change.Published, repository.Keys, repository.TimeProvider.GetUtcNow());
        transaction.Complete(change);
        return isDue;
    }

    /// <summary>The time at which <see cref="RenewDueAsync"/> has something to do; it may have passed.</summary>
    public DateTimeOffset NextDue()
    {
        repository.Keys.Refresh();
        return RenewalPlan.DueTimes(repository.Read(), repository.Keys).Values.DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
    }

    /// <summary>Where targets keys are offline and targets expire within <see cref="ExpirySchedule.OfflineNotice"/>, stages the same
    /// targets with a new expiry. Any publication that waits and expires later serves as well. Null when people have nothing to renew.</summary>
    public async Task<PendingPublication?> StageAsync(CancellationToken cancellationToken)
    {
        RepositorySnapshot snapshot = repository.Read();
        DateTimeOffset soon = repository.TimeProvider.GetUtcNow() + ExpirySchedule.OfflineNotice;
        if (snapshot.Targets.Expires > soon || repository.Keys.CanSign(snapshot.Assignments.Targets))
        {
            return null;
        }

        if (_pending.List(snapshot).FirstOrDefault(pending => pending.Expires > soon) is { } waiting)
        {
            return waiting;
        }

        string? id;
        using (RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken))
        {
            RepositoryChange change = transaction.StartChange();
            change.TargetsChanged = true;
            id = transaction.Complete(change);
        }

        return id is null ? null : _pending.Find(id, repository.Read());
    }
}
