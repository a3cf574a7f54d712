using System.Text;
using Shared.Platform.Files;

namespace Relay.Server.Keys;

/// <summary>
/// Ids of keys that a rotation has made or replaced, in <c>keys/rotating</c>, written before anything else of the rotation. Such a key
/// is deleted when no role lists it: the old one once the rotation is published, the new one if a crash came before any metadata
/// listed it. Keys that people put into the folder are never deleted.
/// </summary>
internal sealed class KeyRotationJournal(string keysFolder, DurableFiles files)
{
    private readonly string _list = Path.Combine(keysFolder, "rotating");

    public void Add(IEnumerable<string> keyIds) => Write([.. Read().Union(keyIds, StringComparer.Ordinal)]);

    /// <summary>Deletes the files of the keys that no metadata lists.</summary>
    public void DeleteUnlisted(Predicate<string> isListed)
    {
        HashSet<string> gone = [.. Read().Where(id => !isListed(id))];
        if (gone.Count == 0)
        {
            return;
        }

        foreach (string path in KeyFolder.Paths(keysFolder))
        {
            if (gone.Contains(KeyFolder.ReadId(path)))
            {
                files.Delete(path);
            }
        }

        Write([.. Read().Except(gone, StringComparer.Ordinal)]);
    }

    private string[] Read() => File.Exists(_list) ? File.ReadAllLines(_list, Encoding.ASCII) : [];

    private void Write(IReadOnlyList<string> ids)
    {
        string halfMade = _list + ".new";
        files.Write(halfMade, Encoding.ASCII.GetBytes(string.Concat(ids.Select(id => id + "\n"))), DurableFiles.OwnerFile);
        files.Rename(halfMade, _list);
    }
}
