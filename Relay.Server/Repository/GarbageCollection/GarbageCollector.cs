using Relay.Server.Repository.Archive;
using Shared.Platform.Files;

namespace Relay.Server.Repository.GarbageCollection;

/// <summary>What a garbage collection removed.</summary>
/// <param name="Removed">Paths below the repository's folder; in a dry run, those that would be removed.</param>
/// <param name="Waiting">Files that are unreachable and stay until their grace period is over.</param>
internal sealed record GarbageCollectionResult(IReadOnlyList<string> Removed, IReadOnlyList<string> Waiting, long Bytes);

/// <summary>
/// Removes the files that nothing current refers to, after the grace period, so that updates in progress can finish. It holds the
/// repository's lock, so that it works beside a running relay. It may be stopped anywhere: each file is removed on its own.
/// </summary>
/// <param name="wait">For the repository's lock; null: no one is told of a wait.</param>
/// <param name="past">Which archived timestamps stay, with all that they lead to; null: none.</param>
internal sealed class GarbageCollector(
    string folder, TimeProvider timeProvider, DurableFiles files, LockWait? wait = null, Func<DateTimeOffset, KeptTimestamps>? past = null)
{
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    private readonly ArchivedFiles _archived = new(folder);

    /// <exception cref="InvalidDataException">The repository does not verify, or there is none: nothing was removed.</exception>
    public async Task<GarbageCollectionResult> RunAsync(bool dryRun, CancellationToken cancellationToken)
    {
        RepositoryFiles repository = new(folder, files);
        using FileLock held = await FileLock.AcquireAsync(repository.LockPath, wait ?? new(), cancellationToken);
        DateTimeOffset now = timeProvider.GetUtcNow();
        RepositorySnapshot snapshot = RepositorySnapshot.Read(repository, now)
            ?? throw new InvalidDataException($"The repository '{folder}' has no first publication.");
        IReadOnlySet<string> archived = KeepArchived(snapshot.Timestamp.Version, now, dryRun);
        UnreachableFiles record = new(folder, files);
        IReadOnlyDictionary<string, DateTimeOffset> known = record.Read();

        // A time in the future comes from a wrong clock: the grace period starts again.
        IEnumerable<string> unreachable = ReachableFiles.Unreachable(snapshot, Present()).Where(path => !archived.Contains(path));
        Dictionary<string, DateTimeOffset> since = unreachable.ToDictionary(
            path => path, path => known.TryGetValue(path, out DateTimeOffset at) && at <= now ? at : now, StringComparer.Ordinal);
        string[] over = [.. since.Where(file => file.Value + Grace <= now).Select(file => file.Key)];
        string[] waiting = [.. since.Keys.Except(over, StringComparer.Ordinal)];
        long bytes = over.Sum(path => new FileInfo(Path.Combine(folder, path)).Length);
        if (!dryRun)
        {
            Remove(over, cancellationToken);
            Dictionary<string, DateTimeOffset> left = waiting.ToDictionary(path => path, path => since[path], StringComparer.Ordinal);
            if (left.Count != known.Count || left.Any(file => !known.TryGetValue(file.Key, out DateTimeOffset at) || at != file.Value))
            {
                record.Write(left);
            }
        }

        return new(over, waiting, bytes);
    }

    /// <summary>Removes the archived timestamps that no history rests on.</summary>
    /// <returns>The files that the others lead to.</returns>
    private IReadOnlySet<string> KeepArchived(long current, DateTimeOffset now, bool dryRun)
    {
        TimestampArchive archive = new(folder);
        KeptTimestamps kept = past?.Invoke(now) ?? KeptTimestamps.None;
        ILookup<bool, long> stays = archive.Versions().ToLookup(version =>
            version == current || kept.Versions.Contains(version) || !(_archived.SignedAt(version, current) < kept.Since));
        if (!dryRun)
        {
            stays[false].ToList().ForEach(version => archive.Delete(version, files));
        }

        return _archived.Follow([.. stays[true]], current);
    }

    private void Remove(string[] paths, CancellationToken cancellationToken)
    {
        foreach (string path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            files.Delete(Path.Combine(folder, path));
        }
    }

    private string[] Present() =>
    [
        .. new[] { RepositoryFiles.MetadataFolder, RepositoryFiles.TargetsFolder }
            .Select(part => Path.Combine(folder, part))
            .Where(Directory.Exists)
            .SelectMany(part => Directory.EnumerateFiles(part, "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')),
    ];
}
