using System.Runtime.InteropServices;

namespace Sync.Client.Storage;

/// <summary>Makes files durable, and renames in a folder. Windows journals renames; elsewhere the folder itself is flushed, for
/// which .NET has no call.</summary>
internal static partial class FolderSync
{
    private const int ReadOnlyFlag = 0;

    public static void FlushFile(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.Flush(flushToDisk: true);
    }

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(folder, ReadOnlyFlag);
        if (handle < 0)
        {
            throw new IOException($"cannot open folder '{folder}' to flush it (error {Marshal.GetLastPInvokeError()})");
        }

        int result = Fsync(handle);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (result != 0)
        {
            throw new IOException($"cannot flush folder '{folder}' (error {error})");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
