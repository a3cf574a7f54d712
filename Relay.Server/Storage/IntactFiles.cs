using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Relay.Server.Storage;

/// <summary>Entity tags of files that never change: SHA-256 of their bytes, computed again when a file's time or length is another one. A
/// file whose name has its digest must have that digest: damaged bytes are never served under the tag of the right ones. Small files are kept in
/// memory: a fleet asks for all new metadata at once.</summary>
internal sealed class IntactFiles(TimeProvider timeProvider)
{
    /// <summary>The length up to which a file is kept.</summary>
    public const int SmallBytes = 64 * 1024;

    /// <summary>When so many bytes are kept, all are dropped, and those that are asked for are read again.</summary>
    public const int MaximumKeptBytes = 16 * 1024 * 1024;

    /// <summary>A damaged file is read again this often, though its time and length stay: a copy from a backup may have both.</summary>
    private static readonly TimeSpan DamagedAge = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, CheckedFile> _byPath = new(StringComparer.Ordinal);
    private long _keptBytes;

    /// <summary>The files that were found damaged, and are still there and damaged: it looks at each of them again.</summary>
    public IReadOnlyList<string> Damaged =>
        [.. _byPath.Where(file => !file.Value.IsIntact).Select(file => file.Key).Where(IsDamaged).Order(StringComparer.Ordinal)];

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string GetTag(string path) => Find(path)?.Tag ?? throw new FileNotFoundException($"The file '{path}' is missing.", path);

    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IntactFile? Find(string path)
    {
        if (FindChecked(path) is not { } file)
        {
            return null;
        }

        return file.IsIntact
            ? file.File
            : throw new InvalidDataException(
                $"The file '{path}' is damaged: it is not the one that its name says. Restore it from a backup or a mirror.");
    }

    private bool IsDamaged(string path)
    {
        try
        {
            return FindChecked(path) is { IsIntact: false };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private CheckedFile? FindChecked(string path)
    {
        FileInfo now = new(path);
        return !now.Exists ? null
            : _byPath.TryGetValue(path, out CheckedFile? known)
                && known.File.Length == now.Length && known.File.WrittenAt == now.LastWriteTimeUtc && !IsDueAgain(path, known) ? known
            : Keep(path, Check(now));
    }

    /// <summary>True for one of those that ask at once.</summary>
    private bool IsDueAgain(string path, CheckedFile known) =>
        !known.IsIntact && timeProvider.GetElapsedTime(known.CheckedAt) >= DamagedAge
        && _byPath.TryUpdate(path, known with { CheckedAt = timeProvider.GetTimestamp() }, known);

    private CheckedFile Keep(string path, CheckedFile file)
    {
        if (file.File.Content is { } content && Interlocked.Add(ref _keptBytes, content.Length) > MaximumKeptBytes)
        {
            foreach (KeyValuePair<string, CheckedFile> kept in _byPath.Where(kept => kept.Value.File.Content is not null))
            {
                _byPath.TryRemove(kept);
            }

            Interlocked.Exchange(ref _keptBytes, content.Length);
        }

        return _byPath[path] = file;
    }

    private CheckedFile Check(FileInfo file)
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
        IntactFile found = new(sha256, file.Length, file.LastWriteTimeUtc, isIntact ? content : null);
        return new(found, isIntact, timeProvider.GetTimestamp());
    }

    private static string Sha512(Stream stream)
    {
        stream.Position = 0;
        return Convert.ToHexStringLower(SHA512.HashData(stream));
    }

    /// <param name="File">Where it is not intact, what is there instead.</param>
    private sealed record CheckedFile(IntactFile File, bool IsIntact, long CheckedAt);
}
