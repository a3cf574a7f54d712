using System.Collections.Concurrent;
using System.Security.Cryptography;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Events;

/// <summary>The files that a timestamp brought since the one before: what each node of a channel would ask for, made once for all of them.</summary>
internal sealed class ChangedFiles(RepositorySnapshot before, RepositorySnapshot now, byte[] timestamp, DataFolder folder, IntactFiles intact)
{
    private readonly ConcurrentDictionary<string, Lazy<ChangedFilesEvent>> _byChannel = new(StringComparer.Ordinal);

    /// <summary>The version of the timestamp before: these files are for those who have it.</summary>
    public long Since => before.Timestamp.Version;

    /// <summary>The event for a channel; null for one that was never published.</summary>
    public ChangedFilesEvent? For(string channel) =>
        now.Channels.ContainsKey(channel) ? _byChannel.GetOrAdd(channel, name => new(() => Collect(name))).Value : null;

    private ChangedFilesEvent Collect(string channel)
    {
        Dictionary<string, byte[]> metadata = new(StringComparer.Ordinal) { [MetadataPaths.Timestamp] = timestamp };
        Dictionary<string, byte[]> targets = new(StringComparer.Ordinal);
        int left = RelayEvents.MaximumFileBytes - timestamp.Length;
        bool isWhole = now.Channels[channel].Candidate is not { } candidate || !Artifacts(candidate.Release).Any();

        // Last what may be large: where it does not fit, a node asks for this one file.
        Add(metadata, "metadata", NewMetadata(RoleNames.Snapshot, before.Snapshot.Version, now.Snapshot.Version));
        Add(metadata, "metadata", NewMetadata(RoleNames.Channels, before.ChannelTargets.Version, now.ChannelTargets.Version));
        AddTargets(Documents(channel));
        Add(metadata, "metadata", NewMetadata(RoleNames.Targets, before.Targets.Version, now.Targets.Version));
        AddTargets(Artifacts(now.Channels[channel].Release));
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(timestamp))}\"";
        ReadOnlyMemory<byte> files = EventFormat.Files(new(now.Timestamp.Version, tag, now.Root.Version, metadata, targets));

        // A fleet that has nothing to ask for need not be spread.
        return isWhole
            ? new((byte[])[.. files.Span, .. EventFormat.Metadata(now.Timestamp.Version, TimeSpan.Zero).Span], HasHint: true)
            : new(files, HasHint: false);

        void AddTargets(IEnumerable<TargetFile> files)
        {
            foreach (TargetFile file in files)
            {
                Add(targets, "targets", file.ConsistentPath);
            }
        }

        void Add(Dictionary<string, byte[]> files, string folderName, string? name)
        {
            if (name is null || files.ContainsKey(name))
            {
                return;
            }

            byte[]? content = ReadSmall(Path.Combine([folder.Repository, folderName, .. name.Split('/')]));
            if (content?.Length <= left)
            {
                files.Add(name, content);
                left -= content.Length;
            }
            else
            {
                isWhole = false;
            }
        }
    }

    // A damaged file, which health reports, is not sent, like a large one: the node that asks for it is told.
    private byte[]? ReadSmall(string path)
    {
        try
        {
            return intact.Find(path)?.Content;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? NewMetadata(string role, long versionBefore, long version) =>
        version > versionBefore ? MetadataPaths.Versioned(role, version) : null;

    /// <summary>The documents that changed and that a node of the channel reads.</summary>
    private IEnumerable<TargetFile> Documents(string channel)
    {
        ChannelManifest manifest = now.Channels[channel];
        int[] releases = manifest.Candidate is { } candidate ? [candidate.Release, manifest.Release] : [manifest.Release];
        IEnumerable<string> paths =
        [
            TargetPaths.Policy, TargetPaths.Anchors, TargetPaths.TimestampAnchors,
            .. releases.Select(TargetPaths.Release),
            .. releases.SelectMany(release => now.Releases[release].Models).Select(model => model.SignaturePath),
        ];
        return
        [
            .. Changed(before.ChannelTargets, now.ChannelTargets, TargetPaths.Channel(channel)),
            .. paths.SelectMany(path => Changed(before.Targets, now.Targets, path)),
        ];
    }

    /// <summary>The artifacts of a release that are new. Those of a candidate are for some of the nodes: these ask for them.</summary>
    private IEnumerable<TargetFile> Artifacts(int release) =>
        now.Releases[release].Models.SelectMany(model => Changed(before.Targets, now.Targets, model.Path));

    private static TargetFile[] Changed(TargetsMetadata before, TargetsMetadata now, string path) =>
        now.Files.TryGetValue(path, out TargetFile? file) && file.WithSha256Alone() != before.Files.GetValueOrDefault(path)?.WithSha256Alone()
            ? [file]
            : [];
}

/// <param name="Bytes">As they are sent.</param>
/// <param name="HasHint">True where no node has to ask for anything more, so that the hint follows at once in the same bytes.</param>
internal sealed record ChangedFilesEvent(ReadOnlyMemory<byte> Bytes, bool HasHint);
