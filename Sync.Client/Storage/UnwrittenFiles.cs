namespace Sync.Client.Storage;

/// <summary>The small files that a node could not write, by path: it works with them, and writes them when its store allows it again. Bounded: the
/// relay can serve them again.</summary>
internal sealed class UnwrittenFiles
{
    private const int Maximum = 256;
    private readonly List<(string Path, byte[]? Bytes, Action Write)> _files = [];

    /// <param name="bytes">Null for a file that was to be deleted.</param>
    public void Add(string path, byte[]? bytes, Action write)
    {
        Remove(path);
        _files.Add((path, bytes, write));
        if (_files.Count > Maximum)
        {
            _files.RemoveAt(0);
        }
    }

    public void Remove(string path) => _files.RemoveAll(f => f.Path == path);

    /// <summary>True when the file was not written; its bytes are null where it was to be deleted.</summary>
    public bool TryRead(string path, out byte[]? bytes)
    {
        int found = _files.FindIndex(f => f.Path == path);
        bytes = found < 0 ? null : _files[found].Bytes;
        return found >= 0;
    }

    /// <summary>Writes all of them, in the order in which they were made.</summary>
    /// <param name="mayWait">Whether a file that cannot be written now is kept; else its error ends the call.</param>
    /// <param name="report">Gets the errors of those that are kept.</param>
    public void WriteAll(Predicate<string> mayWait, Action<Exception> report)
    {
        foreach ((string path, _, Action write) in _files.ToList())
        {
            try
            {
                write();
                Remove(path);
            }
            catch (Exception e) when (StoreFault.IsMeant(e) && mayWait(path))
            {
                report(e);
            }
        }
    }
}
