using System.Security.Cryptography;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>Content-addressed files, named by SHA-256. A file exists before any row refers to it, and never changes.</summary>
internal sealed class ArtifactStore(DataFolder folder)
{
    private const int Sha256HexLength = 64;

    // Between the look at a file and what is done to it.
    private readonly Lock _gate = new();

    /// <returns>SHA-256 of the content, lower-case hexadecimal.</returns>
    public string Put(ReadOnlySpan<byte> content)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        string path = GetPath(sha256);
        bool isThere;
        lock (_gate)
        {
            // A version is about to refer to it: the next clean-up must not take it for old garbage.
            isThere = Touch(sha256, TimeProvider.System.GetUtcNow());
        }

        if (!isThere || !IsIntact(path, content.Length, sha256))
        {
            new DurableFiles().Replace(path, content);
        }

        return sha256;
    }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public byte[] Read(string sha256)
    {
        byte[] content = File.ReadAllBytes(GetPath(sha256));
        return Convert.ToHexStringLower(SHA256.HashData(content)) == sha256
            ? content
            : throw new InvalidDataException($"The artifact file '{GetPath(sha256)}' is damaged: restore it from a backup.");
    }

    /// <summary>The path of a file. One that a process on another machine placed is brought here.</summary>
    public string GetPath(string sha256)
    {
        string path = Path.Combine(folder.Artifacts, sha256);
        if (!File.Exists(path))
        {
            FileJournals.Find(path)?.TryFetch(path);
        }

        return path;
    }

    /// <summary>Those of the files that are missing or have another length than their row says.</summary>
    public IReadOnlyList<string> FindMissing(IEnumerable<StoredFile> referenced) =>
    [
        .. referenced
            .Where(file => new FileInfo(GetPath(file.Sha256)) is var found && (!found.Exists || (file.SizeBytes ?? found.Length) != found.Length))
            .Select(file => file.Sha256)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The files that no row refers to and that were last written before a time: what killed processes left.</summary>
    public IReadOnlyList<FileInfo> FindUnreferenced(IReadOnlySet<string> referenced, DateTimeOffset writtenBefore) =>
    [
        .. new DirectoryInfo(folder.Artifacts).EnumerateFiles()
            .Where(file => IsOurs(file.Name) && !referenced.Contains(file.Name) && file.LastWriteTimeUtc < writtenBefore.UtcDateTime)
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    /// <summary>Makes a file as old as if it was written now: the grace period of <see cref="FindUnreferenced"/> begins anew. One that is missing
    /// stays missing.</summary>
    /// <returns>False for a missing one.</returns>
    public bool Touch(string sha256, DateTimeOffset now)
    {
        string path = GetPath(sha256);
        if (!File.Exists(path))
        {
            return false;
        }

        File.SetLastWriteTimeUtc(path, now.UtcDateTime);
        return FileJournals.Find(path)?.Touch(path, now) ?? true;
    }

    /// <summary>Deletes a file of <see cref="FindUnreferenced"/>, unless a version came meanwhile that is about to refer to it.</summary>
    public bool TryDelete(FileInfo file, DateTimeOffset writtenBefore)
    {
        lock (_gate)
        {
            // Another machine may have placed it again.
            FileJournals.Find(file.FullName)?.TryFetch(file.FullName);
            if (File.GetLastWriteTimeUtc(file.FullName) >= writtenBefore.UtcDateTime)
            {
                return false;
            }

            new DurableFiles().Delete(file.FullName);
            return true;
        }
    }

    // A digest, or a digest and the ending of a temporary file; a file of another name is not the relay's.
    private static bool IsOurs(string name) =>
        name.Length >= Sha256HexLength && name[..Sha256HexLength].All(char.IsAsciiHexDigitLower)
        && (name.Length == Sha256HexLength || name.EndsWith(".tmp", StringComparison.Ordinal));

    private static bool IsIntact(string path, int length, string sha256)
    {
        using FileStream file = File.OpenRead(path);
        return file.Length == length && Convert.ToHexStringLower(SHA256.HashData(file)) == sha256;
    }
}

/// <summary>A file that a row refers to.</summary>
/// <param name="SizeBytes">Its length; null where the row does not say.</param>
internal sealed record StoredFile(string Sha256, long? SizeBytes);
