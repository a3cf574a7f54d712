using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Relay.Server.Storage;

/// <summary>Entity tags of files that never change: SHA-256 of their bytes, computed again when a file's time or length is another one. A
/// file whose name has its digest must have that digest: damaged bytes are never served under the tag of the right ones. Small files are kept in
/// memory: a fleet asks for all new metadata at once.</summary>
internal sealed class IntactFiles
{
    /// <summary>The length up to which a file is kept.</summary>
    public const int SmallBytes = 64 * 1024;

    /// <summary>When so many bytes are kept, all are dropped, and those that are asked for are read again.</summary>
    public const int MaximumKeptBytes = 16 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, CheckedFile> _byPath = new(StringComparer.Ordinal);
    private long _keptBytes;

    /// <summary>The files that were found damaged and are not mended.</summary>
    public IReadOnlyList<string> Damaged => [.. _byPath.Where(file => !file.Value.IsIntact).Select(file => file.Key).Order(StringComparer.Ordinal)];

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string GetTag(string path) => Find(path)?.Tag ?? throw new FileNotFoundException($"The file '{path}' is missing.", path);

    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IntactFile? Find(string path)
    {
        FileInfo now = new(path);
        if (!now.Exists)
        {
            return null;
        }

        CheckedFile file = _byPath.TryGetValue(path, out CheckedFile? known) && known.Length == now.Length && known.WrittenAt == now.LastWriteTimeUtc
            ? known
            : Keep(path, Check(now));
        return file.IsIntact
            ? new IntactFile(file.Sha256, file.WrittenAt, file.Content)
            : throw new InvalidDataException(
                $"The file '{path}' is damaged: it is not the one that its name says. Restore it from a backup or a mirror.");
    }

    private CheckedFile Keep(string path, CheckedFile file)
    {
        if (file.Content is { } content && Interlocked.Add(ref _keptBytes, content.Length) > MaximumKeptBytes)
        {
            foreach (KeyValuePair<string, CheckedFile> kept in _byPath.Where(kept => kept.Value.Content is not null))
            {
                _byPath.TryRemove(kept);
            }

            Interlocked.Exchange(ref _keptBytes, content.Length);
        }

        return _byPath[path] = file;
    }

    private static CheckedFile Check(FileInfo file)
    {
        byte[]? content = file.Length <= SmallBytes ? File.ReadAllBytes(file.FullName) : null;
        using Stream stream = content is null ? file.OpenRead() : new MemoryStream(content);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
        string digest = file.Name.Split('.')[0];
        bool isIntact = digest.Length switch
        {
            _ when !digest.All(char.IsAsciiHexDigitLower) => true,
            2 * SHA256.HashSizeInBytes => digest == sha256,
            2 * SHA512.HashSizeInBytes => digest == Sha512(stream),
            _ => true,
        };
        return new(file.Length, file.LastWriteTimeUtc, sha256, isIntact, isIntact ? content : null);
    }

    private static string Sha512(Stream stream)
    {
        stream.Position = 0;
        return Convert.ToHexStringLower(SHA512.HashData(stream));
    }

    private sealed record CheckedFile(long Length, DateTime WrittenAt, string Sha256, bool IsIntact, byte[]? Content);
}
