namespace Shared.Platform.Files;

/// <summary>The journals of the folders of this process. They are found by the path, so that no change of a folder can pass its journal by:
/// a change by <see cref="DurableFiles"/> is one of the journal as well.</summary>
internal static class FileJournals
{
    private static readonly Lock Gate = new();
    private static (string Prefix, IFileJournal Journal)[] _all = [];

    /// <param name="root">The folder; a folder has one journal at a time.</param>
    /// <returns>Ends the journal.</returns>
    public static IDisposable Add(string root, IFileJournal journal)
    {
        (string, IFileJournal) added = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) + Path.DirectorySeparatorChar, journal);
        lock (Gate)
        {
            _all = [.. _all, added];
        }

        return new Entry(() =>
        {
            lock (Gate)
            {
                _all = [.. _all.Where(other => other != added)];
            }
        });
    }

    /// <summary>The journal of the folder that a path is in; null where it has none.</summary>
    public static IFileJournal? Find(string path)
    {
        (string Prefix, IFileJournal Journal)[] all = Volatile.Read(ref _all);
        if (all.Length == 0)
        {
            return null;
        }

        string full = Path.GetFullPath(path);
        return Array.Find(all, entry => full.StartsWith(entry.Prefix, StringComparison.Ordinal)).Journal;
    }

    /// <summary>Makes a change on the disk, and in the journal of its folder before.</summary>
    public static bool Apply(FileOperation operation, string path, string? from, Func<bool> change)
    {
        IFileJournal? journal = Find(path) ?? (from is null ? null : Find(from));
        return journal is null
            ? change()
            : journal.Apply(new(operation, Path.GetFullPath(path), from is null ? null : Path.GetFullPath(from)), change);
    }

    private sealed class Entry(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
