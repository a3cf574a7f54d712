using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Rotation;

/// <summary>Takes the repository from one root to the next, and gives the delegated role channels other keys.</summary>
public sealed class RotationService(TufRepository repository)
{
    private static readonly RotationRefusal NothingNew = new(
        RotationRefusalReason.Refused, "There is no signature in it of a key that counts and that was not there yet.",
        new(RefusalReason.MetadataSignature, RoleNames.Root, "no signature that is new"));

    private readonly RootRotation _root = repository.RootRotation;

    /// <summary>Assigns other keys to roles: at once when the keys that must sign are here, else once they have signed. A root that
    /// waits already is replaced by one with both changes.</summary>
    /// <param name="change">From the present assignments to the next. Called under the repository's lock; a private key that it puts
    /// into the key folder must be durable when it returns.</param>
    internal async Task<Result<RotationOutcome, RotationRefusal>> RotateAsync(
        Func<RoleAssignments, Result<RoleAssignments, RotationRefusal>> change, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        _root.Finish();
        RepositorySnapshot snapshot = transaction.Read();
        Result<RoleAssignments, RotationRefusal> changed = change(_root.Next ?? snapshot.Assignments);
        if (!changed.IsAccepted)
        {
            return changed.Refusal;
        }

        RoleAssignments next = changed.Value;
        repository.Keys.Refresh();
        if (!RootIsSame(snapshot.Assignments, next) || next.Channels.IsSameAs(snapshot.Assignments.Channels))
        {
            return _root.Stage(snapshot, next) is { } refusal ? refusal : Finish(transaction, snapshot.Root.Version + 1);
        }

        RepositoryChange channels = new(snapshot);
        channels.SetChannelKeys(next.Channels);
        string? pending = transaction.Complete(channels);
        if (pending is null)
        {
            transaction.DeleteReplacedKeys();
        }

        return new RotationOutcome(null, [], pending);
    }

    /// <summary>Takes roots, and targets that wait with one, which others have made or signed; publishes once enough keys have signed.</summary>
    internal async Task<Result<RotationOutcome, RotationRefusal>> ImportRootAsync(
        IReadOnlyList<byte[]> files, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        _root.Finish();
        RepositorySnapshot snapshot = transaction.Read();
        bool isAnyNew = false;
        foreach (byte[] file in files)
        {
            (bool isNew, RotationRefusal? refusal) = _root.Import(snapshot, file);
            if (refusal is not null)
            {
                return refusal;
            }

            isAnyNew |= isNew;
        }

        return isAnyNew ? Finish(transaction, snapshot.Root.Version + 1) : NothingNew;
    }

    /// <summary>Continues after a crash, which may have come at any point of a rotation.</summary>
    internal async Task ResumeAsync(CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        if (transaction.HasPublications)
        {
            _root.Finish();
            transaction.DeleteReplacedKeys();
        }
    }

    private RotationOutcome Finish(RepositoryTransaction transaction, long version)
    {
        IReadOnlyList<MissingSignatures> missing = _root.Finish();
        transaction.DeleteReplacedKeys();
        return new(version, missing, null);
    }

    private static bool RootIsSame(RoleAssignments before, RoleAssignments after) => RoleAssignments.RoleOrder
        .Where(role => role != RoleNames.Channels)
        .All(role => before[role].IsSameAs(after[role]));
}
