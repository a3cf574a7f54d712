namespace Relay.Server.Storage;

/// <summary>A limit of the bytes of the data folder, which is measured at most once a minute.</summary>
/// <param name="maximumBytes">0: no limit.</param>
internal sealed class FolderQuota(DataFolder folder, long maximumBytes, TimeProvider timeProvider)
{
    private const int Sha256HexLength = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A folder that the relay may not read is not its own, such as lost+found where the data folder is a file system.
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = default };

    private readonly Lock _gate = new();
    private long? _measuredAt;
    private long _bytes;

    /// <summary>True where the folder has as much as it may, or would with so many bytes more.</summary>
    public bool IsExceeded(long bytes = 0) => maximumBytes > 0 && FindBytes() + bytes > maximumBytes;

    private long FindBytes()
    {
        lock (_gate)
        {
            if (_measuredAt is not { } at || timeProvider.GetElapsedTime(at) >= Interval)
            {
                _bytes = Measure();
                _measuredAt = timeProvider.GetTimestamp();
            }

            return _bytes;
        }
    }

    private long Measure()
    {
        string targets = folder.Repository + Path.DirectorySeparatorChar;
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(folder.Root).EnumerateFiles("*", All))
        {
            if (!(file.FullName.StartsWith(targets, StringComparison.Ordinal) && IsLink(file)))
            {
                bytes += file.Exists ? file.Length : 0;
            }
        }

        return bytes;
    }

    // A published file is a second name of the one in the artifact store.
    private bool IsLink(FileInfo file) =>
        file.Name.Length > Sha256HexLength && file.Name[Sha256HexLength] == '.'
        && File.Exists(Path.Combine(folder.Artifacts, file.Name[..Sha256HexLength]));
}
