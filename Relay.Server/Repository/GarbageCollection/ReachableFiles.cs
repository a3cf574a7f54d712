using System.Globalization;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.GarbageCollection;

/// <summary>Which files of a repository the current timestamp refers to, directly or not, and which others may be removed.</summary>
internal static class ReachableFiles
{
    /// <summary>Paths below the repository's folder, with slashes.</summary>
    public static IReadOnlySet<string> From(RepositorySnapshot snapshot)
    {
        HashSet<string> paths = new(StringComparer.Ordinal)
        {
            Metadata(MetadataPaths.Timestamp),
            Metadata(MetadataPaths.Versioned(RoleNames.Snapshot, snapshot.Timestamp.Snapshot.Version)),
        };
        foreach ((string listed, MetadataFile file) in snapshot.Snapshot.Files)
        {
            paths.Add(Metadata(MetadataPaths.Versioned(Path.GetFileNameWithoutExtension(listed), file.Version)));
        }

        foreach (TargetFile file in snapshot.Targets.Files.Values.Concat(snapshot.ChannelTargets.Files.Values))
        {
            paths.UnionWith(file.ConsistentPaths.Select(path => $"{RepositoryFiles.TargetsFolder}/{path}"));
        }

        return paths;
    }

    /// <summary>
    /// The present files that may be removed. All roots stay: a node that was offline follows one after the other. What is numbered above the
    /// current version of its role stays too, which an interrupted publication left: its number must not be given to other bytes.
    /// A file whose name is not one of the relay's stays.
    /// </summary>
    public static IReadOnlyList<string> Unreachable(RepositorySnapshot snapshot, IReadOnlyCollection<string> present)
    {
        IReadOnlySet<string> reachable = From(snapshot);
        Dictionary<string, long> current = RoleStatus.FromSnapshot(snapshot)
            .ToDictionary(role => role.Role, role => role.Version, StringComparer.Ordinal);
        return [.. present.Where(path => !reachable.Contains(path)).Where(MayGo).Order(StringComparer.Ordinal)];

        bool MayGo(string path) => path.StartsWith($"{RepositoryFiles.TargetsFolder}/", StringComparison.Ordinal)
            || (Version(path) is { } file && file.Role != RoleNames.Root && file.Version < current.GetValueOrDefault(file.Role));
    }

    private static string Metadata(string file) => $"{RepositoryFiles.MetadataFolder}/{file}";

    private static RoleVersion? Version(string path)
    {
        string[] parts = path.Split('/', '.');
        return parts is [RepositoryFiles.MetadataFolder, { } number, { } role, "json"]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? new(role, version)
            : null;
    }

    private sealed record RoleVersion(string Role, long Version);
}
