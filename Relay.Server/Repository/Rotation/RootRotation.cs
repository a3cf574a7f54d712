using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Rotation;

/// <summary>
/// Takes the repository from one root to the next. The next root lies in <see cref="RotationFolder"/> until the keys that it needs have
/// signed it; from then on every start continues with it. The metadata of the online roles is signed for both roots before the next root
/// gets its name, so that everything verifies under the current root at each moment. All calls are made under the repository's lock.
/// </summary>
internal sealed partial class RootRotation(
    RepositoryFiles folder, RotationFolder staged, RepositoryCommitter committer, SigningKeys keys, TimeProvider timeProvider)
{
    /// <summary>The keys of each role now.</summary>
    public RoleAssignments Current => ReadAssignments(RootFile(), CurrentTargets());

    /// <summary>The keys of each role once what waits is published; null when nothing waits.</summary>
    public RoleAssignments? Next => staged.Root is { } root ? ReadAssignments(root, staged.Targets ?? CurrentTargets()) : null;

    /// <summary>Writes the next root, and the next targets where the present ones would not do, signed by the keys that are here.</summary>
    /// <returns>Null when they are staged; else why not: the relay could not sign for an online role afterwards.</returns>
    public RotationRefusal? Stage(RepositorySnapshot snapshot, RoleAssignments next)
    {
        if (CheckOnlineKeys(next) is { } refusal)
        {
            return refusal;
        }

        DateTimeOffset now = timeProvider.GetUtcNow();
        byte[] root = MetadataWriter.Sign(
            MetadataWriter.Root(snapshot.Root.Version + 1, ExpirySchedule.Expiry(RoleNames.Root, now), next),
            Both(snapshot.Assignments.Root, next.Root));
        byte[]? targets = NeedsTargets(next) ? NewTargets(snapshot, next, now) : null;
        staged.Put(root, targets);
        return null;
    }

    /// <summary>Publishes what waits if enough keys have signed it. When nothing waits, it does nothing; after a crash, it continues.</summary>
    /// <returns>What lacks signatures; empty when nothing waits any more.</returns>
    public IReadOnlyList<MissingSignatures> Finish()
    {
        if (staged.Root is not { } root)
        {
            return [];
        }

        UntrustedMetadata read = Parse(root);
        if (read.Metadata.Version <= folder.NewestRoot())
        {
            staged.Clear();
            return [];
        }

        DateTimeOffset now = timeProvider.GetUtcNow();
        bool published = (staged.Targets is not { } targets || Parse(targets).Metadata.Version == Parse(CurrentTargets()).Metadata.Version)
            && RepositorySnapshot.Verifies(folder, root, now);
        RepositorySnapshot? snapshot = published ? null : RepositorySnapshot.Read(folder, now);
        if (snapshot is not null && staged.Targets is { } outdated && !IsUpToDate(snapshot, Parse(outdated)))
        {
            // Another publication came first: people must sign what is current now.
            staged.ReplaceTargets(NewTargets(snapshot, ReadAssignments(root, outdated), now));
        }

        if (Missing() is { Count: > 0 } missing)
        {
            return missing;
        }

        if (snapshot is not null)
        {
            Resign(snapshot, root, now);
        }

        committer.PlaceRoot(new(read.Metadata.Version, root));
        staged.Clear();

        // Nodes look for roots when the timestamp is another one. The old keys sign it as well, for those whose mirror lacks the root.
        RepositorySnapshot after = RepositorySnapshot.Read(folder, now)!;
        committer.Commit(new(after) { TimestampChanged = true }, after.Assignments, now, snapshot?.Assignments);
        return [];
    }

    // Signs for the next root what is not signed for it yet: by its keys, and by those of the present root that are here.
    private void Resign(RepositorySnapshot snapshot, byte[] root, DateTimeOffset now)
    {
        byte[]? targets = staged.Targets;
        RoleAssignments next = ReadAssignments(root, targets ?? CurrentTargets());
        RepositoryChange change = new(snapshot) { SnapshotChanged = true, ChannelsChanged = !next.Channels.IsSameAs(snapshot.Assignments.Channels) };
        if (targets is not null)
        {
            change.TargetsChanged = true;
            change.SignedTargets = new(Parse(targets).Metadata.Version, targets);
        }

        committer.Commit(change, next, now, snapshot.Assignments);
    }

    private List<MissingSignatures> Missing()
    {
        byte[] root = staged.Root!;
        RootMetadata current = CurrentRoot();
        List<MissingSignatures> missing = [];
        void Need(KeyGroup group, byte[] file, string path, string role, string by)
        {
            IReadOnlyList<string> signed = group.SignersOf(Parse(file));
            if (signed.Count < group.Threshold)
            {
                missing.Add(new(path, role, by, group.Threshold, signed, [.. group.Keys.Select(key => key.Id)]));
            }
        }

        RoleAssignments next = ReadAssignments(root, staged.Targets ?? CurrentTargets());
        KeyGroup present = KeyGroup.From(current.Roles[RoleNames.Root], current.Keys);
        Need(present, root, staged.RootPath, RoleNames.Root, "present");
        if (!next.Root.IsSameAs(present))
        {
            Need(next.Root, root, staged.RootPath, RoleNames.Root, "next");
        }

        if (staged.Targets is { } targets)
        {
            Need(next.Targets, targets, staged.TargetsPath, RoleNames.Targets, "next");
        }

        return missing;
    }

    private RotationRefusal? CheckOnlineKeys(RoleAssignments next)
    {
        string[] online = [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];
        if (online.FirstOrDefault(role => !keys.CanSign(next[role])) is { } lacking)
        {
            return new(
                RotationRefusalReason.OnlineKeyMissing,
                $"The relay would have {keys.HeldFor(next[lacking]).Count} of {next[lacking].Threshold} keys of {lacking}, which it signs with by "
                + "itself: put the private key into its key folder first.");
        }

        return null;
    }

    private bool NeedsTargets(RoleAssignments next) =>
        !next.Targets.ReachesThreshold(Parse(CurrentTargets())) || !next.Channels.IsSameAs(Current.Channels);

    private byte[] NewTargets(RepositorySnapshot snapshot, RoleAssignments next, DateTimeOffset now) => MetadataWriter.Sign(
        MetadataWriter.Targets(
            folder.NextVersion(RoleNames.Targets, snapshot.Targets.Version), ExpirySchedule.Expiry(RoleNames.Targets, now),
            snapshot.Targets.Files.Values, next.Channels),
        Both(snapshot.Assignments.Targets, next.Targets));

    private IEnumerable<RoleSigner> Both(KeyGroup present, KeyGroup next) =>
        keys.TakeThreshold(present).Concat(keys.TakeThreshold(next)).DistinctBy(signer => signer.KeyId);

    private bool IsUpToDate(RepositorySnapshot snapshot, UntrustedMetadata targets) =>
        targets.Metadata.Version > snapshot.Targets.Version && targets.Metadata.Version >= folder.LowestVersion
        && ((TargetsMetadata)targets.Metadata).Files.Values.ToHashSet().SetEquals(snapshot.Targets.Files.Values);

    private RootMetadata CurrentRoot() => (RootMetadata)Parse(RootFile()).Metadata;

    private byte[] RootFile() => Bytes(MetadataPaths.Versioned(RoleNames.Root, folder.NewestRoot()));

    /// <summary>The targets that the current snapshot lists, whether or not their keys are still listed.</summary>
    private byte[] CurrentTargets()
    {
        TimestampMetadata timestamp = (TimestampMetadata)Listed(MetadataPaths.Timestamp).Metadata;
        SnapshotMetadata snapshot = (SnapshotMetadata)Listed(MetadataPaths.Versioned(RoleNames.Snapshot, timestamp.Snapshot.Version)).Metadata;
        return Bytes(MetadataPaths.Versioned(RoleNames.Targets, snapshot.Files[MetadataPaths.Unversioned(RoleNames.Targets)].Version));
    }

    private UntrustedMetadata Listed(string name) => Parse(Bytes(name));

    private byte[] Bytes(string name) => folder.ReadMetadata(name) ?? throw new InvalidDataException($"The repository lacks '{name}'.");

    private static RoleAssignments ReadAssignments(byte[] root, byte[] targets) =>
        RoleAssignments.FromMetadata((RootMetadata)Parse(root).Metadata, (TargetsMetadata)Parse(targets).Metadata);

    private static UntrustedMetadata Parse(byte[] file) => UntrustedMetadata.Read(file).ValueOrThrow();
}
