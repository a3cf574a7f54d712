using Relay.Server.Storage;

namespace Relay.Server.Repository.GarbageCollection;

/// <summary>What a sweep came to.</summary>
/// <param name="Removed">Paths below the repository's folder; of a dry run, those that would go.</param>
/// <param name="Waiting">Files that nothing leads to any more, and that stay until their grace is over.</param>
internal sealed record GarbageCollectionResult(IReadOnlyList<string> Removed, IReadOnlyList<string> Waiting, long Bytes);

/// <summary>
/// Removes what nothing current leads to, once that has been so for the grace: nodes and mirrors in the midst of an update end
/// it in peace. It holds the publisher's lock, so that it works beside a running relay. It may be stopped anywhere: each file goes
/// by itself, and nothing refers to it.
/// </summary>
internal sealed class GarbageCollector(string folder, TimeProvider clock, DurableFiles files)
{
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <exception cref="InvalidDataException">The repository does not verify, or there is none: nothing was removed.</exception>
    public async Task<GarbageCollectionResult> RunAsync(bool dryRun, CancellationToken cancellationToken)
    {
        RepositoryFiles repository = new(folder, files);
        using FileLock held = await FileLock.AcquireAsync(repository.LockPath, cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        RepositorySnapshot state = RepositorySnapshot.Read(repository, now)
            ?? throw new InvalidDataException($"The repository '{folder}' has no first publication.");
        UnreachableFiles record = new(folder, files);
        IReadOnlyDictionary<string, DateTimeOffset> known = record.Read();

        // A time to come is of a clock that went wrong since, or before: the grace begins anew.
        Dictionary<string, DateTimeOffset> since = ReachableFiles.Unreachable(state, Present()).ToDictionary(
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
