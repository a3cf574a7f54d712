using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository;

/// <summary>
/// The repository as files: <c>metadata/</c> and <c>targets/</c> are what nodes and mirrors see, <c>staging/</c>,
/// <c>pending/</c>, <c>rotation/</c> and <c>.lock</c> are the relay's own. Every file but <c>timestamp.json</c> gets its name once,
/// with bytes that never change.
/// </summary>
internal sealed class RepositoryFiles(string root, DurableFiles files)
{
    public const string MetadataFolder = "metadata";
    public const string TargetsFolder = "targets";
    private const string StagingFolder = "staging";
    private int _staged;

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

    public byte[]? ReadTarget(TargetFile file) => Read(Path.Combine(root, TargetsFolder, file.ConsistentPath));

    /// <summary>Under each of the hashes that metadata lists: a client may ask for any of them (TUF 6.2.1).</summary>
    public void WriteTarget(TargetFile file, ReadOnlyMemory<byte> content)
    {
        string?[] hashes = [file.Hashes.Sha256, file.Hashes.Sha512];
        foreach (string hash in hashes.OfType<string>())
        {
            WriteImmutable(Path.Combine(root, TargetsFolder, TargetFile.WithHash(file.Path, hash)), content);
        }
    }

    public void WriteMetadata(string role, long version, ReadOnlyMemory<byte> content) =>
        WriteImmutable(Path.Combine(root, MetadataFolder, MetadataPaths.Versioned(role, version)), content);

    /// <summary>The one file that changes, and by one rename: the rename switches from the old state to the new one.</summary>
    public void ReplaceTimestamp(ReadOnlyMemory<byte> content) =>
        files.Rename(Stage(content), Path.Combine(root, MetadataFolder, MetadataPaths.Timestamp));

    /// <summary>The highest version on disk, also of files that an interrupted publication left; 0 when there is none.</summary>
    public long HighestVersion(string role) => Directory
        .EnumerateFiles(Path.Combine(root, MetadataFolder), $"*.{role}.json")
        .Select(path => long.TryParse(Path.GetFileName(path).Split('.')[0], out long version) ? version : 0)
        .DefaultIfEmpty(0)
        .Max();

    private void WriteImmutable(string path, ReadOnlyMemory<byte> content)
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
        files.Rename(Stage(content), path);
    }

    private string Stage(ReadOnlyMemory<byte> content)
    {
        string path = Path.Combine(root, StagingFolder, $"{_staged++}.tmp");
        files.Write(path, content.Span);
        return path;
    }

    private static byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}
