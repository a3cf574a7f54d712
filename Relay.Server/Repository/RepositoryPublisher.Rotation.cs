using Relay.Server.Keys;
using Relay.Server.Repository.Rotation;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <content>From one root to the next, and other keys for the online role.</content>
public sealed partial class RepositoryPublisher
{
    /// <summary>The root that is current: what new nodes best start from.</summary>
    /// <exception cref="InvalidDataException">Nothing was published yet.</exception>
    public byte[] NewestRoot() => RootAt(_folder.HighestVersion(RoleNames.Root)) ?? throw NotInitialized();

    /// <summary>All roots, the first one first: a node that has any of them can follow to the newest.</summary>
    public IReadOnlyList<(long Version, byte[] File)> Roots() =>
    [
        .. Enumerable.Range(1, (int)_folder.HighestVersion(RoleNames.Root))
            .Select(version => ((long)version, RootAt(version)))
            .Where(root => root.Item2 is not null)
            .Select(root => (root.Item1, root.Item2!)),
    ];

    /// <summary>Lets other keys speak for roles: at once when the keys that must sign are here, else once they have. A root that waits
    /// already gives way to one with both changes.</summary>
    /// <param name="change">From who speaks now to who shall. Called alone with the repository; a private key that it puts into the
    /// key folder must be durable when it returns.</param>
    /// <exception cref="RotationException">Too few keys would be left, or the relay could not sign by itself any more.</exception>
    internal async Task<RotationOutcome> RotateAsync(Func<RoleAssignments, RoleAssignments> change, CancellationToken cancellationToken)
    {
        using FileLock held = await LockAsync(cancellationToken);
        _rotation.Finish();
        RepositorySnapshot state = Read();
        RoleAssignments next = change(_rotation.Next ?? state.Layout);
        _keys.Refresh();
        if (!RootIsSame(state.Layout, next) || next.Channels.IsSameAs(state.Layout.Channels))
        {
            _rotation.Stage(state, next);
            return Finish(state.Root.Version + 1);
        }

        RepositoryChange draft = new(state);
        draft.SetChannelKeys(next.Channels);
        if (!_keys.Meet(state.Layout.Targets))
        {
            return new(null, [], Stage(draft, state, _clock.GetUtcNow()));
        }

        _writer.Commit(draft, next, _clock.GetUtcNow());
        SweepKeys();
        return new(null, [], null);
    }

    /// <summary>Takes roots, and targets that wait with one, which others have made or signed; publishes once enough have.</summary>
    /// <exception cref="RotationException">A file is not what can come next, or has no new signature that counts.</exception>
    internal async Task<RotationOutcome> ImportRootAsync(IReadOnlyList<byte[]> files, CancellationToken cancellationToken)
    {
        using FileLock held = await LockAsync(cancellationToken);
        _rotation.Finish();
        RepositorySnapshot state = Read();
        if (files.Count(file => _rotation.Import(state, file)) == 0)
        {
            throw new RotationException(
                RotationFault.Refused, "There is no signature in it of a key that counts and that was not there yet.",
                new(RefusalReason.MetadataSignature, RoleNames.Root, "no signature that is new"));
        }

        return Finish(state.Root.Version + 1);
    }

    /// <summary>A crash may have come at any point of a rotation.</summary>
    private async Task FinishRotationAsync(CancellationToken cancellationToken)
    {
        using FileLock held = await LockAsync(cancellationToken);
        if (_folder.ReadMetadata(MetadataPaths.Timestamp) is not null)
        {
            _rotation.Finish();
            SweepKeys();
        }
    }

    private RotationOutcome Finish(long version)
    {
        IReadOnlyList<MissingSignatures> missing = _rotation.Finish();
        SweepKeys();
        return new(version, missing, null);
    }

    /// <summary>Deletes keys that were replaced, once nothing names them.</summary>
    private void SweepKeys()
    {
        if (_keys.Folder is not { } folder)
        {
            return;
        }

        RoleAssignments current = _rotation.Current;
        RoleAssignments? next = _rotation.Next;
        string[] waiting = [.. _pending.Ids()
            .Select(id => Untrusted(_pending.ReadMetadata(id)!).Metadata).OfType<TargetsMetadata>()
            .SelectMany(targets => targets.Delegations?.Keys.Keys ?? [])];
        new KeyRotationJournal(folder, _files).Sweep(id => current.Lists(id) || next?.Lists(id) == true || waiting.Contains(id));
        _keys.Refresh();
    }

    private byte[]? RootAt(long version) => _folder.ReadMetadata(MetadataPaths.Versioned(RoleNames.Root, version));

    private static bool RootIsSame(RoleAssignments before, RoleAssignments after) => RoleAssignments.RoleOrder
        .Where(role => role != RoleNames.Channels)
        .All(role => before[role].IsSameAs(after[role]));
}
