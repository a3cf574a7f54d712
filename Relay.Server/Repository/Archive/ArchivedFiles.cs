using Relay.Server.Repository.Mirroring;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Archive;

/// <summary>The files that archived timestamps lead to: they stay, since past reports rest on them. Nothing is verified here: what does not verify
/// is kept no worse for it. What was read once is not read again, since it never changes. For one caller at a time.</summary>
internal sealed class ArchivedFiles(string repository)
{
    private readonly TimestampArchive _archive = new(repository);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<long> _followed = [];
    private readonly Dictionary<long, DateTimeOffset?> _signedAt = [];

    /// <summary>When a timestamp was signed; null where it cannot be read.</summary>
    /// <param name="current">The current version: a higher one may be replaced.</param>
    public DateTimeOffset? SignedAt(long version, long current)
    {
        if (!_signedAt.TryGetValue(version, out DateTimeOffset? signed))
        {
            signed = _archive.SignedAt(version);
            if (version < current)
            {
                _signedAt.Add(version, signed);
            }
        }

        return signed;
    }

    /// <summary>The files that these timestamps lead to: paths below the repository's folder, with slashes.</summary>
    /// <param name="current">The current version: a higher one may be replaced.</param>
    public IReadOnlySet<string> Follow(IReadOnlyCollection<long> versions, long current)
    {
        if (!_followed.IsSubsetOf(versions))
        {
            // Some were removed: what they alone led to is free.
            _paths.Clear();
            _followed.Clear();
            _signedAt.Clear();
        }

        foreach (long version in versions.Where(version => !_followed.Contains(version)))
        {
            Add(version);
            if (version < current)
            {
                _followed.Add(version);
            }
        }

        return _paths;
    }

    private void Add(long version)
    {
        if (_archive.Read(version) is { } timestamp
            && UntrustedMetadata.Read(timestamp).Value?.Metadata is TimestampMetadata read
            && Read<SnapshotMetadata>(RoleNames.Snapshot, read.Snapshot.Version) is { } snapshot)
        {
            foreach ((string listed, MetadataFile file) in snapshot.Files)
            {
                AddTargets(Path.GetFileNameWithoutExtension(listed), file.Version);
            }
        }
    }

    private void AddTargets(string role, long version)
    {
        foreach (TargetFile file in Read<TargetsMetadata>(role, version)?.Files.Values ?? [])
        {
            _paths.UnionWith(RepositoryContents.PathsOf(file));
        }
    }

    /// <summary>Null where it is read already, or cannot be.</summary>
    private T? Read<T>(string role, long version)
        where T : RoleMetadata
    {
        string name = $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(role, version)}";
        string path = Path.Combine(repository, name);
        return _paths.Add(name) && File.Exists(path) ? UntrustedMetadata.Read(File.ReadAllBytes(path)).Value?.Metadata as T : null;
    }
}
