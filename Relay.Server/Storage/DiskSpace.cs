namespace Relay.Server.Storage;

/// <summary>Free space of the disk of a folder: a long copy that must fail begins not at all.</summary>
internal static class DiskSpace
{
    private const long Mebibyte = 1 << 20;

    /// <param name="what">What needs it, at the start of a sentence.</param>
    /// <param name="free">The free bytes of a folder's disk; null where that is not known.</param>
    /// <exception cref="IOException">There is less; the message says how much is needed and how much is free.</exception>
    public static void Require(string folder, long bytes, string what, Func<string, long?> free)
    {
        if (free(folder) is { } found && found < bytes)
        {
            throw new IOException(
                $"{what} needs {Text(bytes)} on the disk of '{folder}', and {Text(found)} are free: make room, or take another disk. "
                + "Nothing was changed.");
        }
    }

    /// <summary>Null where the system does not say.</summary>
    public static long? Free(string folder)
    {
        try
        {
            DriveInfo drive = new(OperatingSystem.IsWindows() ? Path.GetPathRoot(Path.GetFullPath(folder))! : folder);

            // Some network file systems show a size of zero.
            return drive.TotalSize > 0 ? drive.AvailableFreeSpace : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string Text(long bytes) => $"{(bytes / Mebibyte) + (bytes % Mebibyte > 0 ? 1 : 0)} MiB";
}
