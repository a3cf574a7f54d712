namespace Shared.Platform.Files;

/// <summary>Opens files that are written, with the permissions that a new one has from its first byte on: what is set later comes too late for a file
/// that holds keys.</summary>
internal static class FileOpening
{
    /// <summary>The buffer of .NET's own streams, in bytes.</summary>
    private const int DefaultBuffer = 4096;

    /// <param name="permissions">Of a file that is created here; null: the system's default. Windows has none.</param>
    /// <param name="bufferSize">In bytes; 0: none.</param>
    public static FileStream Open(
        string path, FileMode mode, FileAccess access, FileShare share, UnixFileMode? permissions = null, int bufferSize = DefaultBuffer)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share, BufferSize = bufferSize };
        if (permissions is { } owner && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = owner;
        }

        return new FileStream(path, options);
    }

    /// <summary>Creates a file that only its owner may read.</summary>
    /// <exception cref="IOException">There is a file of this name, whose permissions may be others; or it cannot be created.</exception>
    public static FileStream CreatePrivate(string path) =>
        Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, DurableFiles.OwnerFile);
}
