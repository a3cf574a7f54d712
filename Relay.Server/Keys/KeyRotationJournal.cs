using System.Text;
using Relay.Server.Storage;

namespace Relay.Server.Keys;

/// <summary>
/// Ids of keys that a change of keys has made or replaced, in <c>keys/rotating</c>, written before anything else of the change.
/// Such a key goes when no role lists it: the old one once the change is published, the new one if a crash kept it from
/// being named anywhere. Keys that people put into the folder are never touched.
/// </summary>
internal sealed class KeyRotationJournal(string keysFolder, DurableFiles files)
{
    private readonly string _list = Path.Combine(keysFolder, "rotating");

    public void Add(IEnumerable<string> keyIds) => Write([.. Read().Union(keyIds, StringComparer.Ordinal)]);

    /// <summary>Deletes the files of those that nobody lists.</summary>
    public void Sweep(Predicate<string> isListed)
    {
        HashSet<string> gone = [.. Read().Where(id => !isListed(id))];
        if (gone.Count == 0)
        {
            return;
        }

        foreach (string path in KeyFolder.Paths(keysFolder))
        {
            using RoleSigner key = KeyFolder.ReadFile(path);
            if (gone.Contains(key.KeyId))
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
