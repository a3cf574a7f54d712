using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Mirroring;

/// <summary>What an update of a mirror changed.</summary>
/// <param name="Written">Files that were not there, or were damaged.</param>
/// <param name="Deleted">Files that nothing refers to any more; only when asked for.</param>
internal sealed record MirrorResult(long TimestampVersion, int Written, int Deleted);

/// <summary>
/// A copy of a repository as static files, for any web server or CDN. Files that never change come first and
/// <c>timestamp.json</c> last, by one rename: a reader finds the old state or the new one meanwhile.
/// </summary>
internal sealed class RepositoryMirror(string folder, TimeProvider timeProvider, DurableFiles disk)
{
    private const string StagingFolder = ".staging";
    private readonly FolderFileSource _copy = new(folder);

    /// <exception cref="InvalidDataException">The original does not verify, is older than the copy, or is another repository.</exception>
    public async Task<MirrorResult> UpdateAsync(IStaticFileSource original, bool prune, CancellationToken cancellationToken)
    {
        disk.CreateFolder(folder);
        using FileLock held = await FileLock.AcquireAsync(Path.Combine(folder, ".lock"), cancellationToken);
        disk.DeleteFolder(Path.Combine(folder, StagingFolder));
        disk.CreateFolder(Path.Combine(folder, StagingFolder));

        string firstRoot = $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(RoleNames.Root, 1)}";
        byte[]? trustedRoot = await _copy.ReadAsync(firstRoot, TrustBounds.RootBytes, cancellationToken);
        byte[]? heldTimestamp = await _copy.ReadAsync(RepositoryContents.TimestampPath, TrustBounds.TimestampBytes, cancellationToken);
        RepositoryContents contents = await new RepositoryReader(original, timeProvider).ReadAsync(trustedRoot, heldTimestamp, cancellationToken);

        HashSet<string> current = new(StringComparer.Ordinal) { RepositoryContents.TimestampPath };
        int written = 0;
        foreach (TargetFile file in contents.Targets)
        {
            written += await CopyAsync(original, file, current, cancellationToken);
        }

        foreach ((string path, byte[] content) in contents.Metadata)
        {
            current.Add(path);
            written += await WriteAsync(path, content, cancellationToken);
        }

        written += await WriteAsync(RepositoryContents.TimestampPath, contents.Timestamp, cancellationToken);
        return new(contents.Trusted.Timestamp!.Version, written, prune ? Prune(current) : 0);
    }

    // Under each hash that is listed, as the original has it: a client may ask for any (TUF 6.2.1).
    private async Task<int> CopyAsync(
        IStaticFileSource original, TargetFile file, HashSet<string> current, CancellationToken cancellationToken)
    {
        byte[]? content = null;
        int written = 0;
        foreach (string hash in new[] { file.Hashes.Sha256, file.Hashes.Sha512 }.OfType<string>())
        {
            string path = RepositoryContents.PathOf(file, hash);
            current.Add(path);
            if (!await HoldsAsync(path, file, cancellationToken))
            {
                content ??= await RepositoryContents.ReadAsync(original, file, cancellationToken);
                Place(path, content);
                written++;
            }
        }

        return written;
    }

    private async Task<bool> HoldsAsync(string path, TargetFile file, CancellationToken cancellationToken) =>
        new FileInfo(Path.Combine(folder, path)) is { Exists: true } held && held.Length == file.Length
        && await _copy.ReadAsync(path, file.Length, cancellationToken) is { } content && file.Check(content) is null;

    private async Task<int> WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        if (new FileInfo(Path.Combine(folder, path)) is { Exists: true } held && held.Length == content.Length
            && await _copy.ReadAsync(path, content.Length, cancellationToken) is { } same && same.AsSpan().SequenceEqual(content))
        {
            return 0;
        }

        Place(path, content);
        return 1;
    }

    private void Place(string path, byte[] content)
    {
        string final = Path.Combine(folder, path);
        string staged = Path.Combine(folder, StagingFolder, "file.tmp");
        disk.CreateFolder(Path.GetDirectoryName(final)!);
        disk.Write(staged, content);
        disk.Rename(staged, final);
    }

    private int Prune(HashSet<string> current)
    {
        string[] left = [.. new[] { RepositoryFiles.MetadataFolder, RepositoryFiles.TargetsFolder }
            .Select(part => Path.Combine(folder, part))
            .Where(Directory.Exists)
            .SelectMany(part => Directory.EnumerateFiles(part, "*", SearchOption.AllDirectories))
            .Where(file => !current.Contains(Path.GetRelativePath(folder, file).Replace('\\', '/')))];
        foreach (string file in left)
        {
            File.Delete(file);
        }

        return left.Length;
    }
}
