using System.Collections.Concurrent;
using Relay.Server.Storage.Folders;

namespace Relay.Server.Storage;

/// <summary>Copies of rows that exist beside their dataset: exports, the rows of runs, also of those in other processes, uploads from their first
/// byte on, and all datasets while a backup is written. A sample that was deleted from the dataset may be in one that is older.</summary>
/// <param name="workers">Null where no other process trains.</param>
/// <param name="stored">The files in the database, where each relay has a folder of its own; null where there is one folder.</param>
internal sealed class TemporaryCopies(DataFolder folder, WorkerCopies? workers = null, StoredFolder? stored = null)
{
    private const string OfRelay = "relay:";
    private const string OfWorker = "worker:";

    private readonly ConcurrentDictionary<string, (string Dataset, string? Source)> _copies = new(StringComparer.Ordinal);

    /// <summary>Called before a copy is begun.</summary>
    /// <param name="source">For rows in memory that are being added, who sent them: only a request to forget what that source sent is about them.
    /// Null for a copy on the disk.</param>
    /// <returns>To be disposed when the copy is deleted.</returns>
    public IDisposable Begin(string dataset, string? source = null)
    {
        string id = Guid.NewGuid().ToString();
        _copies[id] = (dataset, source);
        return new Copy(() => _copies.TryRemove(id, out _));
    }

    /// <summary>The copies of a dataset that there are now.</summary>
    /// <param name="source">The source whose rows in memory count as well; null for none.</param>
    public IReadOnlyList<string> Find(string dataset, string? source = null) =>
    [
        .. _copies.Where(copy => copy.Value.Dataset == dataset && (copy.Value.Source is not { } sender || sender == source)).Select(copy => copy.Key),
        .. BackupFolders.FindBackups(folder.Root),
        .. workers?.Find(dataset).Select(copy => OfWorker + copy) ?? [],
        .. FindLeftovers(),
    ];

    /// <summary>True where one of these still exists. What a killed backup or worker left is deleted first: nothing else would before the next
    /// start.</summary>
    public bool HasAnyOf(IReadOnlyList<string> copies)
    {
        BackupFolders.Clear(folder.Root);
        if (workers is not null && copies.Any(copy => copy.StartsWith(OfWorker, StringComparison.Ordinal)))
        {
            workers.Clear(folder.Root);
            if (workers.Find().Any(copy => copies.Contains(OfWorker + copy)))
            {
                return true;
            }
        }

        return copies.Any(copy => _copies.ContainsKey(copy) || Directory.Exists(copy)) || FindLeftovers().Intersect(copies).Any();
    }

    // Of relays that were replaced, on other machines.
    private IEnumerable<string> FindLeftovers() => stored?.FindLeftovers().Select(copy => OfRelay + copy) ?? [];

    private sealed class Copy(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
