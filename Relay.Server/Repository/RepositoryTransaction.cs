using System.Text.Json.Nodes;
using Relay.Server.Keys;
using Relay.Server.Repository.Pending;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository;

/// <summary>
/// The exclusive right to change the repository, from <see cref="TufRepository.BeginAsync"/> until it is disposed: read what is current,
/// collect a change, and complete it. A change becomes current at once, or is staged where targets keys are offline.
/// </summary>
internal sealed class RepositoryTransaction(TufRepository repository, RepositoryFiles files, FileLock held) : IDisposable
{
    /// <summary>False before the first publication.</summary>
    public bool HasPublications => files.ReadMetadata(MetadataPaths.Timestamp) is not null;

    /// <summary>What is current now.</summary>
    /// <exception cref="InvalidDataException">Nothing was published yet, or the folder does not verify.</exception>
    public RepositorySnapshot Read() => repository.Read();

    /// <summary>An empty change of what is current; of nothing before the first publication.</summary>
    public RepositoryChange StartChange() => new(repository.ReadOrNull());

    /// <summary>Makes the change current, or stages it when the targets changed and too few of their keys are here. An empty change
    /// does nothing.</summary>
    /// <returns>Null when nothing waits; else the id under which the change waits for signatures.</returns>
    public string? Complete(RepositoryChange change)
    {
        if (change.IsEmpty)
        {
            return null;
        }

        DateTimeOffset now = repository.TimeProvider.GetUtcNow();
        RepositorySnapshot snapshot = change.Published;
        if (change is { TargetsChanged: true, SignedTargets: null })
        {
            repository.Pruner?.Prune(change, now);
            if (!repository.Keys.CanSign(snapshot.Assignments.Targets))
            {
                return Stage(change, snapshot, now);
            }
        }

        Commit(change, change.AssignmentsAfter(snapshot));
        return null;
    }

    /// <summary>Makes a change current whose signatures nodes will check against these keys.</summary>
    public void Commit(RepositoryChange change, RoleAssignments assignments)
    {
        DateTimeOffset now = repository.TimeProvider.GetUtcNow();
        repository.Pruner?.Note(change, now);
        repository.Committer.Commit(change, assignments, now);
    }

    /// <summary>Deletes keys that a rotation replaced, once nothing lists them.</summary>
    public void DeleteReplacedKeys() => repository.ReplacedKeys.Delete();

    public void Dispose() => held.Dispose();

    private string Stage(RepositoryChange change, RepositorySnapshot snapshot, DateTimeOffset now)
    {
        PendingPublications pending = repository.Pending;
        pending.RemoveSuperseded(snapshot);
        if (pending.FindSame(change, snapshot, now + ExpirySchedule.OfflineNotice) is { } same)
        {
            if (change.AcceptsSchemaChange && !same.AcceptsSchemaChange)
            {
                pending.AcceptSchemaChange(same.Id);
            }

            return same.Id;
        }

        RoleAssignments assignments = change.AssignmentsAfter(snapshot);
        JsonObject targets = MetadataWriter.Targets(
            files.NextVersion(RoleNames.Targets, snapshot.Targets.Version), ExpirySchedule.Expiry(RoleNames.Targets, now), change.Targets,
            assignments.Channels);
        return pending.Add(MetadataWriter.Sign(targets, repository.Keys.HeldFor(assignments.Targets)), change, now);
    }
}
