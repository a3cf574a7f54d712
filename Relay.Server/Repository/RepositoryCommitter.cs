using System.Text.Json.Nodes;
using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Relay.Server.Telemetry;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>Signs a change and makes it current: every immutable file first, <c>timestamp.json</c> last.</summary>
internal sealed class RepositoryCommitter(RepositoryFiles folder, SigningKeys keys)
{
    /// <summary>Raised after a change of this process became current. Other processes change the repository as well.</summary>
    public event Action<RepositoryChange>? Committed;

    /// <param name="assignments">The keys whose signatures nodes will check.</param>
    /// <param name="previous">The keys whose signatures nodes check until they have the next root: those that are here sign as well.</param>
    /// <exception cref="SigningException">Too few of a role's keys are here to sign the change.</exception>
    public void Commit(RepositoryChange change, RoleAssignments assignments, DateTimeOffset now, RoleAssignments? previous = null)
    {
        RelayTraces.Run("sign metadata", () => Write(change, assignments, now, previous));
        Committed?.Invoke(change);
    }

    private void Write(RepositoryChange change, RoleAssignments assignments, DateTimeOffset now, RoleAssignments? previous)
    {
        RequireKeys(change, assignments);
        folder.ClearStaging();
        foreach ((TargetFile file, ReadOnlyMemory<byte> content) in change.Content)
        {
            folder.WriteTarget(file, content);
        }

        WriteRoot(change, assignments, now);
        RepositorySnapshot? snapshot = change.Snapshot;
        MetadataFile targets = change.SignedTargets is { } signed ? Place(RoleNames.Targets, signed)
            : change.TargetsChanged ? Write(RoleNames.Targets, snapshot?.Targets.Version, assignments, previous, now, (version, expires) =>
                MetadataWriter.Targets(version, expires, change.Targets, assignments.Channels))
            : Listed(snapshot!, RoleNames.Targets);
        MetadataFile channels = change.ChannelsChanged
            ? Write(RoleNames.Channels, snapshot?.ChannelTargets.Version, assignments, previous, now,
                (version, expires) => MetadataWriter.Channels(version, expires, change.Channels))
            : Listed(snapshot!, RoleNames.Channels);
        MetadataFile snapshotFile = change.TargetsChanged || change.ChannelsChanged || change.SnapshotChanged
            ? Write(RoleNames.Snapshot, snapshot?.Snapshot.Version, assignments, previous, now, (version, expires) => MetadataWriter.Snapshot(
                version, expires, [(RoleNames.Targets, targets), (RoleNames.Channels, channels)]))
            : snapshot!.Timestamp.Snapshot;

        long timestamp = folder.NextVersion(RoleNames.Timestamp, snapshot?.Timestamp.Version ?? 0);
        folder.ReplaceTimestamp(timestamp, Sign(RoleNames.Timestamp, assignments, previous, MetadataWriter.Timestamp(
            timestamp, ExpirySchedule.Expiry(RoleNames.Timestamp, now), snapshotFile)));
    }

    // Before anything is written: a file that too few have signed must not get a name.
    private void RequireKeys(RepositoryChange change, RoleAssignments assignments)
    {
        List<string> roles = [RoleNames.Timestamp];
        if (change.TargetsChanged && change.SignedTargets is null)
        {
            roles.Add(RoleNames.Targets);
        }

        if (change.ChannelsChanged)
        {
            roles.Add(RoleNames.Channels);
        }

        if (change.TargetsChanged || change.ChannelsChanged || change.SnapshotChanged)
        {
            roles.Add(RoleNames.Snapshot);
        }

        if (roles.FirstOrDefault(role => !keys.CanSign(assignments[role])) is { } lacking)
        {
            int held = keys.HeldFor(assignments[lacking]).Count;
            throw new SigningException(
                $"The role {lacking} needs signatures by {assignments[lacking].Threshold} of its keys, and {held} are in the key folder.");
        }
    }

    // A first root that a crash left without a timestamp stays the first root: someone may have copied it.
    private void WriteRoot(RepositoryChange change, RoleAssignments assignments, DateTimeOffset now)
    {
        if (change.SignedRoot is { } signed)
        {
            Place(RoleNames.Root, signed);
        }
        else if (change.RootChanged || (change.Snapshot is null && folder.NewestRoot() == 0))
        {
            Write(RoleNames.Root, change.Snapshot?.Root.Version, assignments, null, now,
                (version, expires) => MetadataWriter.Root(version, expires, assignments));
        }
    }

    // Versions left by an interrupted publication are skipped: a version number never gets two contents.
    private MetadataFile Write(
        string role, long? current, RoleAssignments assignments, RoleAssignments? previous, DateTimeOffset now,
        Func<long, DateTimeOffset, JsonObject> write)
    {
        long version = folder.NextVersion(role, current ?? 0);
        return Place(role, new(version, Sign(role, assignments, previous, write(version, ExpirySchedule.Expiry(role, now)))));
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
    private byte[] Sign(string role, RoleAssignments assignments, RoleAssignments? previous, JsonObject signed) => MetadataWriter.Sign(
        signed,
        keys.TakeThreshold(assignments[role])
            .Concat(previous is null ? [] : keys.TakeThreshold(previous[role]))
            .DistinctBy(signer => signer.KeyId));

    private static MetadataFile Listed(RepositorySnapshot snapshot, string role) => snapshot.Snapshot.Files[$"{role}.json"];
}
