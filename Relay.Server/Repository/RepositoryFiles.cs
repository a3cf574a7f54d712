using System.Globalization;
using Relay.Server.Repository.Archive;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository;

/// <summary>
/// The repository as files: <c>metadata/</c> and <c>targets/</c> are what nodes and mirrors see, <c>staging/</c>,
/// <c>timestamps/</c>, <c>pending/</c>, <c>rotation/</c>, <c>named.json</c> and <c>.lock</c> are the relay's own. Every file of the first two but
/// <c>timestamp.json</c> gets its name once, with bytes that never change.
/// </summary>
/// <param name="lowestVersion">For a repository that goes on after a loss: nodes may have seen all below it. Roots are numbered without a gap and
/// do not follow it. 0: none.</param>
/// <param name="content">Places targets; null where nothing is published.</param>
internal sealed class RepositoryFiles(
    string root, DurableFiles files, long lowestVersion = 0, ContentFiles? content = null)
{
    public const string MetadataFolder = "metadata";
    public const string TargetsFolder = "targets";
    public const string StagingFolder = "staging";

    /// <summary>More than interrupted publications leave in a row.</summary>
    private const int MaximumLeftovers = 1000;

    private readonly ContentFiles _content = content ?? new(files, artifactsFolder: null);
    private int _staged;

    /// <summary>What metadata of each role but root must reach, before nodes believe it; 0: nothing was lost.</summary>
    public long LowestVersion => lowestVersion;

    public string LockPath => Path.Combine(root, ".lock");

    public void Prepare()
    {
        files.CreateFolder(root);
        files.CreateFolder(Path.Combine(root, MetadataFolder));
        files.CreateFolder(Path.Combine(root, TargetsFolder));
    }

    /// <summary>Deletes what an interrupted publication left before it had a name.</summary>
    public void ClearStaging()
    {
        files.DeleteFolder(Path.Combine(root, StagingFolder));
        files.CreateFolder(Path.Combine(root, StagingFolder));
    }

    public byte[]? ReadMetadata(string name) => Read(Path.Combine(root, MetadataFolder, name));

    public byte[]? ReadTarget(TargetFile file) => Read(FolderPath.Combine(root, TargetsFolder, file.ConsistentPath));

    /// <summary>Under each of the hashes that metadata lists: a client may ask for any of them (TUF 6.2.1).</summary>
    public void WriteTarget(TargetFile file, ReadOnlyMemory<byte> content)
    {
        string? same = _content.FindArtifact(file, content.Span);
        foreach (string name in file.ConsistentPaths)
        {
            string path = FolderPath.Combine(root, TargetsFolder, name);
            WriteImmutable(path, content, same);
            same ??= path;
        }
    }

    public void WriteMetadata(string role, long version, ReadOnlyMemory<byte> content) =>
        WriteImmutable(Path.Combine(root, MetadataFolder, MetadataPaths.Versioned(role, version)), content);

    /// <summary>The one file that changes, and by one rename: the rename switches from the old state to the new one.</summary>
    /// <remarks>A copy stays in the archive, and is there first: a node may report the timestamp as soon as it is current. One that a crash kept
    /// from becoming current is replaced by the next of its number.</remarks>
    public void ReplaceTimestamp(long version, ReadOnlyMemory<byte> content)
    {
        string archived = TimestampArchive.PathOf(root, version);
        files.CreateFolder(Path.GetDirectoryName(archived)!);
        files.Rename(Stage(content), archived);
        files.Rename(Stage(content), Path.Combine(root, MetadataFolder, MetadataPaths.Timestamp));
    }

    /// <summary>True when there is metadata, of a complete publication or not.</summary>
    public bool HasMetadata() =>
        Directory.Exists(Path.Combine(root, MetadataFolder)) && Directory.EnumerateFiles(Path.Combine(root, MetadataFolder), "*.json").Any();

    /// <summary>The version of the newest root; 0 when there is none. Roots are numbered without a gap, so that a file of another number
    /// is not one of them.</summary>
    public long NewestRoot()
    {
        HashSet<long> present = [.. Versions(RoleNames.Root)];
        if (present.Count == 0)
        {
            return 0;
        }

        long newest = present.Min();
        while (present.Contains(newest + 1))
        {
            newest++;
        }

        return newest;
    }

    /// <summary>The version to give to the next metadata of a role: above the current one, and above those that interrupted publications
    /// left. A number far above is a stray file and counts for nothing: it would use up the numbers for ever.</summary>
    /// <param name="current">The version that is current now; 0 when there is none.</param>
    public long NextVersion(string role, long current)
    {
        long from = Math.Max(current + 1, role == RoleNames.Root ? 0 : lowestVersion);
        return Versions(role).Where(version => version >= from && version - from < MaximumLeftovers).DefaultIfEmpty(from - 1).Max() + 1;
    }

    private IEnumerable<long> Versions(string role)
    {
        string folder = Path.Combine(root, MetadataFolder);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, $"*.{role}.json").Select(path => ReadVersion(Path.GetFileName(path), role)).OfType<long>()
            : [];
    }

    // Only the name that the relay itself would write: no sign, no leading zero, and room for another version above.
    private static long? ReadVersion(string name, string role) =>
        long.TryParse(name.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long version)
        && version is > 0 and < long.MaxValue && name == MetadataPaths.Versioned(role, version)
            ? version
            : null;

    private void WriteImmutable(string path, ReadOnlyMemory<byte> content, string? same = null)
    {
        if (Read(path) is { } existing)
        {
            if (!existing.AsSpan().SequenceEqual(content.Span))
            {
                throw new InvalidDataException($"'{path}' exists with other bytes, and a published file never changes.");
            }

            return;
        }

        files.CreateFolder(Path.GetDirectoryName(path)!);
        _content.Place(path, same, () => files.Rename(Stage(content), path));
    }

    private string Stage(ReadOnlyMemory<byte> content)
    {
        string path = Path.Combine(root, StagingFolder, $"{_staged++}.tmp");
        files.Write(path, content.Span);
        return path;
    }

    private static byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}
