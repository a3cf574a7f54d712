using System.Collections.Concurrent;

namespace Relay.Server.Datasets;

/// <summary>Copies of rows that are on the disk beside the file of their dataset: exports, the rows of runs, uploads. A sample that was deleted
/// from the dataset may be in one that is older.</summary>
internal sealed class TemporaryCopies
{
    private readonly ConcurrentDictionary<Copy, string> _copies = [];

    /// <summary>Called before a copy is begun.</summary>
    /// <returns>To be disposed when it is off the disk.</returns>
    public IDisposable Begin(string dataset)
    {
        Copy copy = new(this);
        _copies[copy] = dataset;
        return copy;
    }

    /// <summary>The copies that there are now.</summary>
    public IReadOnlyList<IDisposable> Find(string dataset) => [.. _copies.Where(copy => copy.Value == dataset).Select(copy => copy.Key)];

    /// <summary>True where one of these is still on the disk.</summary>
    public bool HasAnyOf(IReadOnlyList<IDisposable> copies) => copies.OfType<Copy>().Any(_copies.ContainsKey);

    private sealed class Copy(TemporaryCopies owner) : IDisposable
    {
        public void Dispose() => owner._copies.TryRemove(this, out _);
    }
}
