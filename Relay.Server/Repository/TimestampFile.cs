using System.Security.Cryptography;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>The timestamp as it is served: the one file of the repository that changes. Each node asks for it again and again: it is read only when
/// it has changed.</summary>
internal sealed class TimestampFile(DataFolder folder, TimeProvider timeProvider)
{
    /// <summary>A file that was written twice within the resolution of its time has the same time. What was read this long after a file was first
    /// seen cannot be of before a second write.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private volatile Known? _known;

    public string Path { get; } = System.IO.Path.Combine(folder.Repository, RepositoryFiles.MetadataFolder, MetadataPaths.Timestamp);

    /// <summary>The content, and its SHA-256: of the same bytes.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IntactFile Read()
    {
        FileInfo now = new(Path);
        Known? known = _known;
        bool isSame = known is not null && now.Exists && known.File.WrittenAt == now.LastWriteTimeUtc && known.File.Length == now.Length;
        if (isSame && known!.IsSettled)
        {
            return known.File;
        }

        long seenAt = isSame ? known!.SeenAt : timeProvider.GetTimestamp();
        bool isSettled = timeProvider.GetElapsedTime(seenAt) >= Settled;
        byte[] content = File.ReadAllBytes(Path);
        IntactFile file = new(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, now.LastWriteTimeUtc, content);
        _known = new Known(file, seenAt, isSettled);
        return file;
    }

    private sealed record Known(IntactFile File, long SeenAt, bool IsSettled);
}
