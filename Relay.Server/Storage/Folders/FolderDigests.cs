using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Relay.Server.Storage.Folders;

/// <summary>The digests of the files of a data folder. A process reads each file once, and again when its length or time has changed: a relay that
/// waits for its turn has read them before it comes.</summary>
internal sealed class FolderDigests
{
    private readonly ConcurrentDictionary<string, (long Length, DateTime WrittenAt, string Sha256)> _known = new(StringComparer.Ordinal);

    /// <returns>Null where there is no such file.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Find(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists)
        {
            Forget(path);
            return null;
        }

        if (_known.TryGetValue(path, out (long Length, DateTime WrittenAt, string Sha256) known)
            && known.Length == file.Length && known.WrittenAt == file.LastWriteTimeUtc)
        {
            return known.Sha256;
        }

        using FileStream content = file.OpenRead();
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        _known[path] = (file.Length, file.LastWriteTimeUtc, sha256);
        return sha256;
    }

    public void Forget(string path) => _known.TryRemove(path, out _);

    /// <summary>Notes the digest of a file that was just written.</summary>
    public void Note(string path, string sha256)
    {
        FileInfo file = new(path);
        _known[path] = (file.Length, file.LastWriteTimeUtc, sha256);
    }
}
