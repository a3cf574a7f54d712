using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Rotation;

/// <summary>
/// Takes the repository from one root to the next. The next root lies in <see cref="RotationFolder"/> until the keys that it needs have
/// signed it; from then on every start goes on with it. What the online roles say is signed for both roots before the next one gets its
/// name, so that at each moment everything verifies under the root that is current. All calls are made under the repository's lock.
/// </summary>
internal sealed partial class RootRotation(
    RepositoryFiles folder, RotationFolder staged, RepositoryCommitter writer, SigningKeys keys, TimeProvider clock)
{
    /// <summary>Who speaks for each role now.</summary>
    public RoleAssignments Current => LayoutOf(RootFile(), CurrentTargets());

    /// <summary>Who shall speak for each role once what waits is published; null when nothing waits.</summary>
    public RoleAssignments? Next => staged.Root is { } root ? LayoutOf(root, staged.Targets ?? CurrentTargets()) : null;

    /// <summary>Writes the next root, and the next targets where the present ones would not do, signed by the keys that are here.</summary>
    /// <exception cref="RotationException">The relay could not sign for a role afterwards.</exception>
    public void Stage(RepositorySnapshot state, RoleAssignments next)
    {
        RequireOnlineKeys(next);
        DateTimeOffset now = clock.GetUtcNow();
        byte[] root = MetadataWriter.Sign(
            MetadataWriter.Root(state.Root.Version + 1, ExpirySchedule.Expiry(RoleNames.Root, now), next),
            Both(state.Layout.Root, next.Root));
        byte[]? targets = NeedsTargets(next) ? NewTargets(state, next, now) : null;
        staged.Put(root, targets);
    }

    /// <summary>Publishes what waits if enough have signed it. Nothing to do is done, too; a call after a crash goes on.</summary>
    /// <returns>What lacks signatures; empty when nothing waits any more.</returns>
    public IReadOnlyList<MissingSignatures> Finish()
    {
        if (staged.Root is not { } root)
        {
            return [];
        }

        UntrustedMetadata read = Metadata(root);
        if (read.Metadata.Version <= folder.HighestVersion(RoleNames.Root))
        {
            staged.Clear();
            return [];
        }

        DateTimeOffset now = clock.GetUtcNow();
        bool published = (staged.Targets is not { } targets || Metadata(targets).Metadata.Version == Metadata(CurrentTargets()).Metadata.Version)
            && RepositorySnapshot.Verifies(folder, root, now);
        RepositorySnapshot? state = published ? null : RepositorySnapshot.Read(folder, now);
        if (state is not null && staged.Targets is { } outdated && !IsUpToDate(state, Metadata(outdated)))
        {
            // Another publication came first: people sign what is current now.
            staged.ReplaceTargets(NewTargets(state, LayoutOf(root, outdated), now));
        }

        if (Missing() is { Count: > 0 } missing)
        {
            return missing;
        }

        if (state is not null)
        {
            Resign(state, root, now);
        }

        writer.PlaceRoot(new(read.Metadata.Version, root));
        staged.Clear();

        // Nodes look for roots when the timestamp is another one. The old keys sign it as well, for those whose mirror lacks the root.
        RepositorySnapshot after = RepositorySnapshot.Read(folder, now)!;
        writer.Commit(new(after) { TimestampChanged = true }, after.Layout, now, state?.Layout);
        return [];
    }

    // What is not signed for the next root yet, is: by its keys, and by those of the present root that are here.
    private void Resign(RepositorySnapshot state, byte[] root, DateTimeOffset now)
    {
        byte[]? targets = staged.Targets;
        RoleAssignments next = LayoutOf(root, targets ?? CurrentTargets());
        RepositoryChange draft = new(state) { SnapshotChanged = true, ChannelsChanged = !next.Channels.IsSameAs(state.Layout.Channels) };
        if (targets is not null)
        {
            draft.TargetsChanged = true;
            draft.SignedTargets = new(Metadata(targets).Metadata.Version, targets);
        }

        writer.Commit(draft, next, now, state.Layout);
    }

    private List<MissingSignatures> Missing()
    {
        byte[] root = staged.Root!;
        RootMetadata current = CurrentRoot();
        List<MissingSignatures> missing = [];
        void Need(KeyGroup group, byte[] file, string path, string role, string by)
        {
            IReadOnlyList<string> signed = group.SignersOf(Metadata(file));
            if (signed.Count < group.Threshold)
            {
                missing.Add(new(path, role, by, group.Threshold, signed, [.. group.Keys.Select(key => key.Id)]));
            }
        }

        RoleAssignments next = LayoutOf(root, staged.Targets ?? CurrentTargets());
        KeyGroup present = KeyGroup.Of(current.Roles[RoleNames.Root], current.Keys);
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

    private void RequireOnlineKeys(RoleAssignments next)
    {
        string[] online = [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];
        if (online.FirstOrDefault(role => !keys.Meet(next[role])) is { } lacking)
        {
            throw new RotationException(
                RotationFault.OnlineKeyMissing,
                $"The relay would have {keys.In(next[lacking]).Count} of {next[lacking].Threshold} keys of {lacking}, which it signs with by "
                + "itself: put the private key into its key folder first.");
        }
    }

    private bool NeedsTargets(RoleAssignments next) =>
        !next.Targets.IsMetBy(Metadata(CurrentTargets())) || !next.Channels.IsSameAs(Current.Channels);

    private byte[] NewTargets(RepositorySnapshot state, RoleAssignments next, DateTimeOffset now) => MetadataWriter.Sign(
        MetadataWriter.Targets(
            folder.HighestVersion(RoleNames.Targets) + 1, ExpirySchedule.Expiry(RoleNames.Targets, now), state.Targets.Files.Values, next.Channels),
        Both(state.Layout.Targets, next.Targets));

    private IEnumerable<RoleSigner> Both(KeyGroup present, KeyGroup next) =>
        keys.Enough(present).Concat(keys.Enough(next)).DistinctBy(signer => signer.KeyId);

    private static bool IsUpToDate(RepositorySnapshot state, UntrustedMetadata targets) =>
        targets.Metadata.Version > state.Targets.Version
        && ((TargetsMetadata)targets.Metadata).Files.Values.ToHashSet().SetEquals(state.Targets.Files.Values);

    private RootMetadata CurrentRoot() => (RootMetadata)Metadata(RootFile()).Metadata;

    private byte[] RootFile() => Bytes(MetadataPaths.Versioned(RoleNames.Root, folder.HighestVersion(RoleNames.Root)));

    /// <summary>The targets that the current snapshot lists, whoever signed them.</summary>
    private byte[] CurrentTargets()
    {
        TimestampMetadata timestamp = (TimestampMetadata)Listed(MetadataPaths.Timestamp).Metadata;
        SnapshotMetadata snapshot = (SnapshotMetadata)Listed(MetadataPaths.Versioned(RoleNames.Snapshot, timestamp.Snapshot.Version)).Metadata;
        return Bytes(MetadataPaths.Versioned(RoleNames.Targets, snapshot.Files[MetadataPaths.Unversioned(RoleNames.Targets)].Version));
    }

    private UntrustedMetadata Listed(string name) => Metadata(Bytes(name));

    private byte[] Bytes(string name) => folder.ReadMetadata(name) ?? throw new InvalidDataException($"The repository lacks '{name}'.");

    private static RoleAssignments LayoutOf(byte[] root, byte[] targets) =>
        RoleAssignments.Of((RootMetadata)Metadata(root).Metadata, (TargetsMetadata)Metadata(targets).Metadata);

    private static UntrustedMetadata Metadata(byte[] file)
    {
        Result<UntrustedMetadata> metadata = UntrustedMetadata.Read(file);
        return metadata.Value ?? throw Refused(metadata.Refusal!);
    }

    private static RotationException Refused(Refusal refusal) => new(
        RotationFault.Refused, $"Nodes would refuse this {refusal.Subject} ({refusal.Reason}): {refusal.Detail}.", refusal);
}
