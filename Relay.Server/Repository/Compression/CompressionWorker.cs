using Relay.Server.Storage;
using Relay.Server.Workers;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Compression;

/// <summary>Compresses what nodes download now, once after each change: the artifacts of the releases that channels have, and the metadata. Until a
/// copy is ready, and for files that are not among these, nodes get the file itself.</summary>
internal sealed partial class CompressionWorker(
    CompressedFiles files, TufRepository repository, RepositoryCache cache, IntactFiles intact, DataFolder folder,
    ILogger<CompressionWorker> log) : RelayWorker
{
    /// <summary>Of all copies. What does not fit is sent as it is.</summary>
    public const long MaximumBytes = 64 * 1024 * 1024;

    /// <summary>A smaller file fits into the packets that its answer needs anyway.</summary>
    public const int SmallestBytes = 2048;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private RepositorySnapshot? _compressed;

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        RepositoryWatch.RunAsync(repository.Committer, () => Look(stoppingToken), Interval, repository.TimeProvider, stoppingToken);

    private void Look(CancellationToken cancellationToken)
    {
        if (cache.ReadOrLast() is { } snapshot && !ReferenceEquals(snapshot, _compressed))
        {
            files.Replace(Compress(snapshot, cancellationToken));
            _compressed = snapshot;
        }
    }

    // What was compressed before is kept: most files stay when one changes.
    private Dictionary<string, IntactFile> Compress(RepositorySnapshot snapshot, CancellationToken cancellationToken)
    {
        Dictionary<string, IntactFile> compressed = new(StringComparer.Ordinal);
        long left = MaximumBytes;
        foreach (string path in Paths(snapshot))
        {
            string full = Path.Combine([folder.Repository, .. path.Split('/')]);
            try
            {
                if (intact.Find(full) is { Length: >= SmallestBytes } file
                    && (files.All.GetValueOrDefault(file.Tag) ?? FileCompressor.Compress(full, file, left, cancellationToken)) is { } copy
                    && compressed.TryAdd(file.Tag, copy))
                {
                    left -= copy.Length;
                }
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // Health reports a damaged file, and who asks for it is told.
                LogNotCompressed(e, path);
            }
        }

        return compressed;
    }

    private static IEnumerable<string> Paths(RepositorySnapshot snapshot) =>
    [
        $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(RoleNames.Targets, snapshot.Targets.Version)}",
        $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(RoleNames.Channels, snapshot.ChannelTargets.Version)}",
        $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(RoleNames.Snapshot, snapshot.Snapshot.Version)}",
        .. snapshot.Channels.Values.SelectMany(Releases).Distinct()
            .SelectMany(release => snapshot.Releases[release].Models)
            .Where(model => snapshot.Targets.Files.ContainsKey(model.Path))
            .Select(model => $"{RepositoryFiles.TargetsFolder}/{snapshot.Targets.Files[model.Path].ConsistentPath}"),
    ];

    private static IEnumerable<int> Releases(ChannelManifest channel) =>
        channel.Candidate is { } candidate ? [channel.Release, candidate.Release] : [channel.Release];

    [LoggerMessage(1412, LogLevel.Warning, "{Path} is not compressed: it cannot be read as it was checked")]
    private partial void LogNotCompressed(Exception exception, string path);
}
