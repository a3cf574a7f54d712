using Shared.Contracts.Trust;

namespace Relay.Server.Trust;

/// <summary>Signs a draft and makes it current: every immutable file first, <c>timestamp.json</c> last.</summary>
internal sealed class RepositoryWriter(RepositoryFolder folder, SigningKeys keys)
{
    public void Commit(RepositoryDraft draft, DateTimeOffset now)
    {
        folder.ClearStaging();
        foreach ((TargetFile file, ReadOnlyMemory<byte> content) in draft.Content)
        {
            folder.WriteTarget(file, content);
        }

        WriteRoot(draft, now);
        RepositoryState? state = draft.State;
        bool targetsChanged = draft.TargetsChanged;
        MetadataFile targets = targetsChanged
            ? Write(RoleNames.Targets, now, (version, expires) => MetadataWriter.Targets(version, expires, draft.Targets, keys))
            : Listed(state!, RoleNames.Targets);
        MetadataFile channels = draft.ChannelsChanged
            ? Write(RoleNames.Channels, now, (version, expires) => MetadataWriter.Channels(version, expires, draft.Channels, keys))
            : Listed(state!, RoleNames.Channels);
        MetadataFile snapshot = targetsChanged || draft.ChannelsChanged || draft.SnapshotChanged
            ? Write(RoleNames.Snapshot, now, (version, expires) => MetadataWriter.Snapshot(
                version, expires, [(RoleNames.Targets, targets), (RoleNames.Channels, channels)], keys))
            : state!.Timestamp.Snapshot;

        folder.ReplaceTimestamp(MetadataWriter.Timestamp(
            (state?.Timestamp.Version ?? 0) + 1, ExpirySchedule.Expiry(RoleNames.Timestamp, now), snapshot, keys));
    }

    // A first root that a crash left without a timestamp counts: nobody was told of another one, but somebody may have copied it.
    private void WriteRoot(RepositoryDraft draft, DateTimeOffset now)
    {
        if (draft.RootChanged || (draft.State is null && folder.HighestVersion(RoleNames.Root) == 0))
        {
            Write(RoleNames.Root, now, (version, expires) => MetadataWriter.Root(version, expires, keys));
        }
    }

    // Versions left by an interrupted publication are skipped: a number never stands for two contents.
    private MetadataFile Write(string role, DateTimeOffset now, Func<long, DateTimeOffset, byte[]> write)
    {
        long version = folder.HighestVersion(role) + 1;
        byte[] file = write(version, ExpirySchedule.Expiry(role, now));
        folder.WriteMetadata(role, version, file);
        return new(version, file.Length, new(FileHashes.Of(file).Sha256, null));
    }

    private static MetadataFile Listed(RepositoryState state, string role) => state.Snapshot.Files[$"{role}.json"];
}
