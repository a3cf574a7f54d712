using System.Collections.Concurrent;

namespace Relay.Server.Storage;

/// <summary>Copies of rows that exist beside the file of their dataset: exports, the rows of runs, uploads from their first byte on, and all datasets
/// while a backup is written or another process trains. A sample that was deleted from the dataset may be in one that is older.</summary>
internal sealed class TemporaryCopies(DataFolder folder)
{
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
        .. WorkerFolder.FindCopies(folder.Root),
    ];

    /// <summary>True where one of these still exists. What a killed backup or worker left is deleted first: nothing else would before the next
    /// start.</summary>
    public bool HasAnyOf(IReadOnlyList<string> copies)
    {
        BackupFolders.Clear(folder.Root);
        WorkerFolder.Clear(folder.Root);
        return copies.Any(copy => _copies.ContainsKey(copy) || Directory.Exists(copy));
    }

    private sealed class Copy(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
