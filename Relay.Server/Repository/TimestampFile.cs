using System.Security.Cryptography;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>The timestamp as it is served: the one file of the repository that changes. Each node asks for it again and again: it is read when it
/// has changed, and once a second.</summary>
internal sealed class TimestampFile(DataFolder folder, TimeProvider timeProvider)
{
    /// <summary>A file that was written twice within the resolution of its time has the same time. What was read this long after a file was first
    /// seen cannot be of before a second write.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>For so long the time and the length of a file vouch for its bytes: a file from a copy, or one that its writer put in place late, may
    /// have those of another.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(1);

    private volatile Known? _known;

    public string Path { get; } = System.IO.Path.Combine(folder.Repository, RepositoryFiles.MetadataFolder, MetadataPaths.Timestamp);

    /// <summary>The content, and its SHA-256: of the same bytes.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IntactFile Read()
    {
        FileInfo now = new(Path);
        Known? known = _known;
        bool isSame = known is not null && now.Exists && known.File.WrittenAt == now.LastWriteTimeUtc && known.File.Length == now.Length;
        long readAt = timeProvider.GetTimestamp();
        if (isSame && known!.IsSettled && timeProvider.GetElapsedTime(known.ReadAt, readAt) < Trusted)
        {
            return known.File;
        }

        long seenAt = isSame ? known!.SeenAt : readAt;
        bool isSettled = timeProvider.GetElapsedTime(seenAt, readAt) >= Settled;
        byte[] content = File.ReadAllBytes(Path);
        IntactFile file = new(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, now.LastWriteTimeUtc, content);
        _known = new Known(file, seenAt, readAt, isSettled);
        return file;
    }

    private sealed record Known(IntactFile File, long SeenAt, long ReadAt, bool IsSettled);
}
