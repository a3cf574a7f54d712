using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Relay.Server.Storage;

/// <summary>Writes whole files so that a reader, or a restart after a power cut, finds the old file or the new one.</summary>
internal static class DurableFile
{
    public const string TemporarySuffix = ".tmp";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Temporary file, flush, rename, then flush of the folder: without the last, the name itself may be lost.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, bool secret = false)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}{TemporarySuffix}";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (secret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (FileStream stream = new(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static void FlushFolder(string folder)
    {
        // Windows orders the rename in its journal and has no handle to flush here.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = OpenReadOnly(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the folder '{folder}' to flush it: error {Marshal.GetLastPInvokeError()}.");
        }

        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        if (Flush(descriptor) != 0)
        {
            throw new IOException($"Cannot flush the folder '{folder}': error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int OpenReadOnly([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Flush(int descriptor);
}
