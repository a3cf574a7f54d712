using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>The current, verified state of the repository on disk.</summary>
/// <param name="Channels">By channel.</param>
/// <param name="Releases">By number.</param>
public sealed record RepositorySnapshot(
    RootMetadata Root, TimestampMetadata Timestamp, SnapshotMetadata Snapshot, TargetsMetadata Targets, TargetsMetadata ChannelTargets,
    TrustPolicy Policy, IReadOnlyDictionary<string, ChannelManifest> Channels, IReadOnlyDictionary<int, ReleaseManifest> Releases)
{
    /// <summary>The keys that are assigned to each role now.</summary>
    internal RoleAssignments Assignments => RoleAssignments.FromMetadata(Root, Targets);

    /// <summary>The highest release that exists; 0 before the first.</summary>
    public int LatestRelease => Releases.Keys.DefaultIfEmpty(0).Max();

    /// <summary>
    /// Reads the folder as a node would, without regard to expiry: the relay may have been off for a year.
    /// Null before the first publication.
    /// </summary>
    /// <exception cref="InvalidDataException">The folder does not verify.</exception>
    internal static RepositorySnapshot? Read(RepositoryFiles folder, DateTimeOffset now)
    {
        if (folder.ReadMetadata(MetadataPaths.Timestamp) is not { } timestamp)
        {
            return null;
        }

        TrustedMetadata trusted = ReadRoot(folder, now);
        Refusal.ThrowIfRefused(Follow(trusted, folder, timestamp));
        TargetsMetadata channelTargets = trusted.Held(RoleNames.Channels)!;
        return new(
            trusted.Root, trusted.Timestamp!, trusted.Snapshot!, trusted.Targets!, channelTargets,
            ReadPolicy(folder, trusted.Targets!), ReadChannels(folder, channelTargets), ReadReleases(folder, trusted.Targets!));
    }

    /// <summary>True when everything that is current verifies under this root, too.</summary>
    /// <param name="root">One that may be the next.</param>
    internal static bool Verifies(RepositoryFiles folder, ReadOnlyMemory<byte> root, DateTimeOffset now) =>
        folder.ReadMetadata(MetadataPaths.Timestamp) is { } timestamp
        && TrustedMetadata.Create(root, now, ExpiryRule.ReportedOnly).Value is { } trusted
        && Follow(trusted, folder, timestamp) is null;

    private static Refusal? Follow(TrustedMetadata trusted, RepositoryFiles folder, byte[] timestamp) =>
        trusted.UpdateTimestamp(timestamp)
        ?? trusted.UpdateSnapshot(Bytes(folder, trusted.SnapshotDownload.FileName))
        ?? trusted.UpdateTargets(Bytes(folder, trusted.TargetsDownload?.FileName ?? MetadataPaths.Unversioned(RoleNames.Targets)))
        ?? trusted.UpdateDelegated(
            Bytes(folder, MetadataPaths.Versioned(RoleNames.Channels, trusted.Snapshot!.Files[$"{RoleNames.Channels}.json"].Version)),
            RoleNames.Channels, RoleNames.Targets);

    private static TrustedMetadata ReadRoot(RepositoryFiles folder, DateTimeOffset now)
    {
        // Starts from the newest root: the relay wrote the older ones itself and need not verify that they lead to it.
        long newest = folder.NewestRoot();
        byte[] root = Bytes(folder, MetadataPaths.Versioned(RoleNames.Root, newest));
        return TrustedMetadata.Create(root, now, ExpiryRule.ReportedOnly).ValueOrThrow();
    }

    private static TrustPolicy ReadPolicy(RepositoryFiles folder, TargetsMetadata targets) =>
        TrustPolicy.Read(Content(folder, targets.Files[TargetPaths.Policy])).ValueOrThrow();

    private static Dictionary<string, ChannelManifest> ReadChannels(RepositoryFiles folder, TargetsMetadata targets)
    {
        Dictionary<string, ChannelManifest> channels = new(StringComparer.Ordinal);
        foreach (TargetFile file in targets.Files.Values)
        {
            string channel = Path.GetFileNameWithoutExtension(file.Path);
            channels.Add(channel, ChannelManifest.Read(Content(folder, file), channel).ValueOrThrow());
        }

        return channels;
    }

    private static Dictionary<int, ReleaseManifest> ReadReleases(RepositoryFiles folder, TargetsMetadata targets)
    {
        Dictionary<int, ReleaseManifest> releases = [];
        foreach (TargetFile file in targets.Files.Values.Where(file => Path.GetDirectoryName(file.Path) == "releases"))
        {
            int number = TargetPaths.ReleaseNumberOf(file.Path)
                ?? throw new InvalidDataException($"The repository lists '{file.Path}', which is not a release.");
            releases.Add(number, ReleaseManifest.Read(Content(folder, file), number).ValueOrThrow());
        }

        return releases;
    }

    private static byte[] Content(RepositoryFiles folder, TargetFile file)
    {
        byte[] content = folder.ReadTarget(file) ?? throw new InvalidDataException($"The repository lacks the target '{file.Path}'.");
        Refusal.ThrowIfRefused(file.Check(content));
        return content;
    }

    private static byte[] Bytes(RepositoryFiles folder, string name) =>
        folder.ReadMetadata(name) ?? throw new InvalidDataException($"The repository lacks '{name}'.");
}
