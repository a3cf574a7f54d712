using System.Collections.Concurrent;
using Relay.Server.Storage;

namespace Relay.Server.Datasets;

/// <summary>Copies of rows that are on the disk beside the file of their dataset: exports, the rows of runs, uploads, and all datasets while a
/// backup is written. A sample that was deleted from the dataset may be in one that is older.</summary>
internal sealed class TemporaryCopies(DataFolder folder)
{
    private readonly ConcurrentDictionary<string, string> _copies = new(StringComparer.Ordinal);

    /// <summary>Called before a copy is begun.</summary>
    /// <returns>To be disposed when it is off the disk.</returns>
    public IDisposable Begin(string dataset)
    {
        string id = Guid.NewGuid().ToString();
        _copies[id] = dataset;
        return new Copy(() => _copies.TryRemove(id, out _));
    }

    /// <summary>The copies of a dataset that there are now.</summary>
    public IReadOnlyList<string> Find(string dataset) =>
    [
        .. _copies.Where(copy => copy.Value == dataset).Select(copy => copy.Key),
        .. Directory.EnumerateDirectories(folder.Uploads, DataFolder.BackupPrefix + "*"),
    ];

    /// <summary>True where one of these is still on the disk.</summary>
    public bool HasAnyOf(IReadOnlyList<string> copies) => copies.Any(copy => _copies.ContainsKey(copy) || Directory.Exists(copy));

    private sealed class Copy(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
