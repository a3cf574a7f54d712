using System.Text.Json.Nodes;
using Relay.Server.Keys;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>Signs a draft and makes it current: every immutable file first, <c>timestamp.json</c> last.</summary>
internal sealed class RepositoryCommitter(RepositoryFiles folder, SigningKeys keys)
{
    /// <param name="layout">Whose signatures nodes will ask for.</param>
    /// <param name="until">Whose signatures nodes ask for until they have the next root: such of them as are here sign as well.</param>
    /// <exception cref="InvalidDataException">Too few of a role's keys are here to sign what the draft changes.</exception>
    public void Commit(RepositoryChange draft, RoleAssignments layout, DateTimeOffset now, RoleAssignments? until = null)
    {
        RequireKeys(draft, layout);
        folder.ClearStaging();
        foreach ((TargetFile file, ReadOnlyMemory<byte> content) in draft.Content)
        {
            folder.WriteTarget(file, content);
        }

        WriteRoot(draft, layout, now);
        RepositorySnapshot? state = draft.State;
        MetadataFile targets = draft.SignedTargets is { } signed ? Place(RoleNames.Targets, signed)
            : draft.TargetsChanged ? Write(RoleNames.Targets, layout, until, now, (version, expires) =>
                MetadataWriter.Targets(version, expires, draft.Targets, layout.Channels))
            : Listed(state!, RoleNames.Targets);
        MetadataFile channels = draft.ChannelsChanged
            ? Write(RoleNames.Channels, layout, until, now, (version, expires) => MetadataWriter.Channels(version, expires, draft.Channels))
            : Listed(state!, RoleNames.Channels);
        MetadataFile snapshot = draft.TargetsChanged || draft.ChannelsChanged || draft.SnapshotChanged
            ? Write(RoleNames.Snapshot, layout, until, now, (version, expires) => MetadataWriter.Snapshot(
                version, expires, [(RoleNames.Targets, targets), (RoleNames.Channels, channels)]))
            : state!.Timestamp.Snapshot;

        folder.ReplaceTimestamp(Sign(RoleNames.Timestamp, layout, until, MetadataWriter.Timestamp(
            (state?.Timestamp.Version ?? 0) + 1, ExpirySchedule.Expiry(RoleNames.Timestamp, now), snapshot)));
    }

    // Before anything is written: a file that too few have signed must not get a name.
    private void RequireKeys(RepositoryChange draft, RoleAssignments layout)
    {
        List<string> roles = [RoleNames.Timestamp];
        if (draft.TargetsChanged && draft.SignedTargets is null)
        {
            roles.Add(RoleNames.Targets);
        }

        if (draft.ChannelsChanged)
        {
            roles.Add(RoleNames.Channels);
        }

        if (draft.TargetsChanged || draft.ChannelsChanged || draft.SnapshotChanged)
        {
            roles.Add(RoleNames.Snapshot);
        }

        if (roles.FirstOrDefault(role => !keys.Meet(layout[role])) is { } lacking)
        {
            throw new InvalidDataException(
                $"{layout[lacking].Threshold} keys of the role {lacking} must sign, and {keys.In(layout[lacking]).Count} are here.");
        }
    }

    // A first root that a crash left without a timestamp counts: nobody was told of another one, but somebody may have copied it.
    private void WriteRoot(RepositoryChange draft, RoleAssignments layout, DateTimeOffset now)
    {
        if (draft.SignedRoot is { } signed)
        {
            Place(RoleNames.Root, signed);
        }
        else if (draft.RootChanged || (draft.State is null && folder.HighestVersion(RoleNames.Root) == 0))
        {
            Write(RoleNames.Root, layout, null, now, (version, expires) => MetadataWriter.Root(version, expires, layout));
        }
    }

    // Versions left by an interrupted publication are skipped: a number never stands for two contents.
    private MetadataFile Write(
        string role, RoleAssignments layout, RoleAssignments? until, DateTimeOffset now, Func<long, DateTimeOffset, JsonObject> write)
    {
        long version = folder.HighestVersion(role) + 1;
        return Place(role, new(version, Sign(role, layout, until, write(version, ExpirySchedule.Expiry(role, now)))));
    }

    /// <summary>Makes a root current that nodes can follow to, when everything else verifies under it.</summary>
    public void PlaceRoot(SignedFile root)
    {
        folder.ClearStaging();
        Place(RoleNames.Root, root);
    }

    private MetadataFile Place(string role, SignedFile file)
    {
        folder.WriteMetadata(role, file.Version, file.Content);
        return new(file.Version, file.Content.Length, new(FileHashes.Compute(file.Content).Sha256, null));
    }

    /// <summary>Signs by as many of the held keys as are needed.</summary>
    private byte[] Sign(string role, RoleAssignments layout, RoleAssignments? until, JsonObject signed) => MetadataWriter.Sign(
        signed, keys.Enough(layout[role]).Concat(until is null ? [] : keys.Enough(until[role])).DistinctBy(signer => signer.KeyId));

    private static MetadataFile Listed(RepositorySnapshot state, string role) => state.Snapshot.Files[$"{role}.json"];
}
