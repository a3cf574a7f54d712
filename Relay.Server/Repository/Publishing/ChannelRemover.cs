using Relay.Server.Repository.Pending;

namespace Relay.Server.Repository.Publishing;

/// <summary>Deletes channels.</summary>
internal sealed class ChannelRemover(TufRepository repository)
{
    /// <summary>Takes a channel out of the repository. Its releases stay: other channels may run them. A node that is on it keeps what it
    /// runs.</summary>
    /// <returns>Null when it is gone; else why nothing was changed.</returns>
    public async Task<PublishRefusal?> RemoveAsync(string channel, string? proposedBy, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        if (repository.Reservations?.Find(channel) is { } running)
        {
            return new(
                PublishRefusalReason.RolloutRunning,
                $"Rollout {running.Rollout} runs on the channel '{channel}'. Wait for its end, or end it by 'relay rollout halt {running.Rollout}'.")
            {
                Rollout = running.Rollout,
            };
        }

        RepositoryChange change = transaction.StartChange();
        if (!change.Published.Channels.ContainsKey(channel))
        {
            return new(PublishRefusalReason.UnknownChannel, $"There is no channel '{channel}'.");
        }

        PendingPublication? waiting = repository.Pending.List(change.Published)
            .FirstOrDefault(pending => pending.Channels.Any(awaited => awaited.Channel == channel));
        if (waiting is not null)
        {
            return new(
                PublishRefusalReason.ChannelAwaited,
                $"Publication {waiting.Id} waits for signatures and would make the channel again: sign it or drop it first.");
        }

        change.RemoveChannel(channel);
        change.ProposedBy = proposedBy;
        transaction.Complete(change);
        return null;
    }
}
