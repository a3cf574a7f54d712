using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Relay.Server.Storage;

/// <summary>Entity tags of files that never change: SHA-256 of their bytes, computed again when a file's time or length is another one. A
/// file whose name has its digest must have that digest: damaged bytes are never served under the tag of the right ones.</summary>
internal sealed class IntactFiles
{
    private readonly ConcurrentDictionary<string, CheckedFile> _byPath = new(StringComparer.Ordinal);

    /// <summary>The files that were found damaged and are not mended.</summary>
    public IReadOnlyList<string> Damaged => [.. _byPath.Where(file => !file.Value.IsIntact).Select(file => file.Key).Order(StringComparer.Ordinal)];

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string GetTag(string path)
    {
        FileInfo now = new(path);
        CheckedFile file = _byPath.TryGetValue(path, out CheckedFile? known) && known.Length == now.Length && known.WrittenAt == now.LastWriteTimeUtc
            ? known
            : _byPath[path] = Check(now);
        return file.IsIntact
            ? file.Sha256
            : throw new InvalidDataException($"The file '{path}' is damaged: it is not the one that its name says. Restore it from a backup or a mirror.");
    }

    private static CheckedFile Check(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
        string digest = file.Name.Split('.')[0];
        bool isIntact = digest.Length switch
        {
            _ when !digest.All(char.IsAsciiHexDigitLower) => true,
            2 * SHA256.HashSizeInBytes => digest == sha256,
            2 * SHA512.HashSizeInBytes => digest == Sha512(stream),
            _ => true,
        };
        return new(file.Length, file.LastWriteTimeUtc, sha256, isIntact);
    }

    private static string Sha512(FileStream stream)
    {
        stream.Position = 0;
        return Convert.ToHexStringLower(SHA512.HashData(stream));
    }

    private sealed record CheckedFile(long Length, DateTime WrittenAt, string Sha256, bool IsIntact);
}
