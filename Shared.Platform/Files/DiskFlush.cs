using System.Runtime.InteropServices;

namespace Shared.Platform.Files;

/// <summary>Flushes files and folders to the disk. A rename is durable when the folder is that holds the name: .NET has no call for
/// that, and Windows journals names without one.</summary>
internal static partial class DiskFlush
{
    private const int ReadOnlyFlag = 0;

    public static void File(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.Flush(flushToDisk: true);
    }

    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(path, ReadOnlyFlag);
        if (descriptor < 0)
        {
            int refused = Marshal.GetLastPInvokeError();
            throw new IOException($"The folder '{path}' cannot be opened to flush it: error {refused}.", refused);
        }

        int result = Fsync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"The folder '{path}' cannot be flushed: error {error}.", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
