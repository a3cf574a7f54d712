using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Mirroring;

/// <summary>What an update of a mirror changed.</summary>
/// <param name="Written">Files that were not there, or were damaged.</param>
/// <param name="Deleted">Files that nothing refers to any more; only when asked for.</param>
internal sealed record MirrorResult(long TimestampVersion, int Written, int Deleted);

/// <summary>
/// A copy of a repository as static files, for any web server or CDN. Files that never change come first and
/// <c>timestamp.json</c> last, by one rename: a reader finds the old state or the new one meanwhile. Memory is bounded by the limits of
/// metadata, time by <see cref="MirrorTimes"/>.
/// </summary>
/// <param name="report">Gets a line when the update has to wait.</param>
internal sealed class RepositoryMirror(
    string folder, TimeProvider timeProvider, DurableFiles disk, MirrorTimes? times = null, Action<string>? report = null)
{
    private const string StagingFolder = ".staging";
    private readonly MirrorTimes _times = times ?? new();
    private readonly FolderFileSource _copy = new(folder);

    /// <exception cref="InvalidDataException">The original does not verify, is older than the copy, or is another repository.</exception>
    /// <exception cref="IOException">The time is over, or another run has the folder.</exception>
    public async Task<MirrorResult> UpdateAsync(IStaticFileSource original, bool prune, CancellationToken cancellationToken)
    {
        disk.CreateFolder(folder);
        LockWait wait = new() { Report = report, ReportAfter = TimeSpan.Zero, Maximum = _times.LockWait, TimeProvider = timeProvider };
        using FileLock held = await FileLock.AcquireAsync(Path.Combine(folder, ".lock"), wait, cancellationToken);
        using CancellationTokenSource deadline = new(_times.Deadline, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await UpdateHeldAsync(original, prune, either.Token);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"The mirror is not complete after {_times.Deadline}, so readers still see the old state. Run the command " +
                    $"again: it keeps what it copied.", late);
        }
    }

    private async Task<MirrorResult> UpdateHeldAsync(IStaticFileSource original, bool prune, CancellationToken cancellationToken)
    {
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

    // Under each hash that is listed, as the original has it. The original is read once, and the second name is a link to the first or,
    // where that is not possible, a copy.
    private async Task<int> CopyAsync(
        IStaticFileSource original, TargetFile file, HashSet<string> current, CancellationToken cancellationToken)
    {
        (IStaticFileSource Files, string Path) from = (original, RepositoryContents.PathOf(file));
        int written = 0;
        foreach (string path in RepositoryContents.PathsOf(file))
        {
            current.Add(path);
            if (!await HoldsAsync(path, file, cancellationToken))
            {
                written++;
                if (from.Files == _copy && TryLink(from.Path, path))
                {
                    continue;
                }

                string staged = Path.Combine(folder, StagingFolder, "file.tmp");
                await disk.WriteAsync(staged, to => RepositoryContents.CopyAsync(from.Files, from.Path, file, to, cancellationToken));
                Place(staged, path);
            }

            from = (_copy, path);
        }

        return written;
    }

    private async Task<bool> HoldsAsync(string path, TargetFile file, CancellationToken cancellationToken)
    {
        if (new FileInfo(FolderPath.Combine(folder, path)) is not { Exists: true } held || held.Length != file.Length)
        {
            return false;
        }

        try
        {
            await RepositoryContents.CopyAsync(_copy, path, file, Stream.Null, cancellationToken);
            return true;
        }
        catch (InvalidDataException)
        {
            // Damaged: it is copied again.
            return false;
        }
    }

    private async Task<int> WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        if (new FileInfo(FolderPath.Combine(folder, path)) is { Exists: true } held && held.Length == content.Length
            && await _copy.ReadAsync(path, content.Length, cancellationToken) is { } same && same.AsSpan().SequenceEqual(content))
        {
            return 0;
        }

        string staged = Path.Combine(folder, StagingFolder, "file.tmp");
        disk.Write(staged, content);
        Place(staged, path);
        return 1;
    }

    private bool TryLink(string same, string path)
    {
        string final = FolderPath.Combine(folder, path);
        disk.CreateFolder(Path.GetDirectoryName(final)!);
        return disk.TryLink(FolderPath.Combine(folder, same), final);
    }

    private void Place(string staged, string path)
    {
        string final = FolderPath.Combine(folder, path);
        disk.CreateFolder(Path.GetDirectoryName(final)!);
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
