using System.Formats.Tar;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Mirroring;

/// <summary>What a bundle holds.</summary>
/// <param name="Releases">The channel's release, and its candidate during a rollout.</param>
/// <param name="Revoked">The versions in it that the policy in it revokes: nodes refuse them.</param>
internal sealed record BundleResult(string Channel, IReadOnlyList<int> Releases, int Files, long Bytes, IReadOnlyList<string> Revoked);

/// <summary>Writes a channel's release and all metadata that verifies it into one file (<see cref="BundleFormat"/>).</summary>
internal sealed class BundleWriter(IStaticFileSource files, TimeProvider timeProvider, DurableFiles disk)
{
    private const UnixFileMode FileMode644 =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <exception cref="InvalidDataException">The repository does not verify, or has released nothing on the channel.</exception>
    public async Task<BundleResult> WriteAsync(string channel, string path, CancellationToken cancellationToken)
    {
        RepositoryContents contents = await new RepositoryReader(files, timeProvider).ReadAsync(null, null, cancellationToken);
        (ChannelManifest manifest, List<TargetFile> targets, List<ReleasedModel> models) = await SelectAsync(contents, channel, cancellationToken);

        SortedDictionary<string, Func<Task<Stream>>> entries = new(StringComparer.Ordinal)
        {
            [RepositoryContents.TimestampPath] = () => Task.FromResult<Stream>(new MemoryStream(contents.Timestamp, writable: false)),
        };
        foreach ((string name, byte[] content) in contents.Metadata)
        {
            entries[name] = () => Task.FromResult<Stream>(new MemoryStream(content, writable: false));
        }

        foreach (TargetFile target in targets)
        {
            entries[BundleFormat.TargetName(target.Hashes.Preferred)] = () => OpenAsync(target, path, cancellationToken);
        }

        long bytes = await WriteAsync(entries, Path.GetFullPath(path), cancellationToken);
        TrustPolicy policy = TrustPolicy.Read(await contents.RequireListedAsync(files, TargetPaths.Policy, cancellationToken)).ValueOrThrow();
        string[] revoked = [.. models
            .Where(model => policy.CheckArtifact(model.Path, model.Sha256) is not null)
            .Select(model => $"{model.Name} {model.Version}").Distinct()];
        return new(channel, ReleasesOf(manifest), entries.Count, bytes, revoked);
    }

    private async Task<(ChannelManifest Manifest, List<TargetFile> Targets, List<ReleasedModel> Models)> SelectAsync(
        RepositoryContents contents, string channel, CancellationToken cancellationToken)
    {
        TargetFile channelFile = Listed(contents, TargetPaths.Channel(channel));
        byte[] channelBytes = await RepositoryContents.ReadAsync(files, channelFile, cancellationToken);
        Result<ChannelManifest> manifest = ChannelManifest.Read(channelBytes, channel);
        if (!manifest.IsAccepted)
        {
            throw new InvalidDataException($"The channel '{channel}' is damaged: {manifest.Refusal.Detail}.");
        }

        List<string> folders = ["trust/"];
        List<TargetFile> targets = [channelFile];
        List<ReleasedModel> models = [];
        foreach (int number in ReleasesOf(manifest.Value))
        {
            TargetFile file = Listed(contents, TargetPaths.Release(number));
            byte[] content = await RepositoryContents.ReadAsync(files, file, cancellationToken);
            Result<ReleaseManifest> release = ReleaseManifest.Read(content, number);
            if (!release.IsAccepted)
            {
                throw new InvalidDataException($"Release {number} is damaged: {release.Refusal.Detail}.");
            }

            targets.Add(file);
            models.AddRange(release.Value.Models);

            // The model, its signature and its evidence.
            folders.AddRange(release.Value.Models.Select(model => model.Path[..(model.Path.LastIndexOf('/') + 1)]));
        }

        targets.AddRange(contents.Targets.Where(file => folders.Any(f => file.Path.Value.StartsWith(f, StringComparison.Ordinal))));
        return (manifest.Value, targets, models);
    }

    private async Task<long> WriteAsync(
        SortedDictionary<string, Func<Task<Stream>>> entries, string path, CancellationToken cancellationToken)
    {
        string temporary = path + ".tmp";
        await disk.WriteAsync(temporary, async file =>
        {
            await using TarWriter tar = new(file, TarEntryFormat.Ustar, leaveOpen: true);
            foreach ((string name, Func<Task<Stream>> open) in entries)
            {
                await using Stream content = await open();
                UstarTarEntry entry = new(TarEntryType.RegularFile, name)
                {
                    DataStream = content,
                    Mode = FileMode644,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                };
                await tar.WriteEntryAsync(entry, cancellationToken);
            }
        });
        disk.Rename(temporary, path);
        return new FileInfo(path).Length;
    }

    // Verified before it is written, and never whole in memory: a file of a folder is read twice, and
    // one of a relay is kept beside the bundle meanwhile.
    private async Task<Stream> OpenAsync(TargetFile target, string path, CancellationToken cancellationToken)
    {
        string source = RepositoryContents.PathOf(target);
        if (files is FolderFileSource folder)
        {
            await RepositoryContents.CopyAsync(files, source, target, Stream.Null, cancellationToken);
            return folder.Open(source, target.Length) ?? throw new InvalidDataException($"The repository lacks the target '{target.Path}'.");
        }

        FileStream kept = new(Path.GetFullPath(path) + ".part", new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        try
        {
            await RepositoryContents.CopyAsync(files, source, target, kept, cancellationToken);
            kept.Position = 0;
            return kept;
        }
        catch
        {
            await kept.DisposeAsync();
            throw;
        }
    }

    private static TargetFile Listed(RepositoryContents contents, string path) =>
        contents.Trusted.Find(path) is { Found: { } file } ? file : throw new InvalidDataException($"The repository has no '{path}'.");

    private static int[] ReleasesOf(ChannelManifest manifest) =>
        [.. new[] { manifest.Release, manifest.Candidate?.Release ?? manifest.Release }.Distinct()];
}
