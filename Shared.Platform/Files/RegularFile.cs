using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Shared.Platform.Files;

/// <summary>Opens files whose path someone else chose. A named pipe or a terminal would block the open, or a read, for ever: neither is opened
/// so.</summary>
internal static partial class RegularFile
{
    private const int NotOpen = -1;

    /// <summary>Opens a file to read. The read is for the caller to bound: a device such as <c>/dev/zero</c> has no end.</summary>
    /// <exception cref="IOException">It cannot be opened, or is a pipe, a socket or a terminal.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        // .NET has no open that does not wait for the other end of a pipe. Where this one fails, that of .NET says why.
        int descriptor = Open(path, OperatingSystem.IsLinux() ? LinuxNonBlocking : BsdNonBlocking);
        if (descriptor == NotOpen)
        {
            if (Marshal.GetLastPInvokeError() is NoSuchDevice)
            {
                throw NotRegular(path);
            }

            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        try
        {
            FileStream file = new(handle, FileAccess.Read);
            return file.CanSeek ? file : throw NotRegular(path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads all of a file that has at most so many bytes.</summary>
    /// <returns>Null where it has more.</returns>
    /// <exception cref="IOException">It cannot be read, or is a pipe, a socket or a terminal.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[]? ReadBounded(string path, int maximumBytes)
    {
        using FileStream file = OpenRead(path);
        byte[] bytes = new byte[maximumBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= maximumBytes ? bytes[..length] : null;
    }

    // O_NONBLOCK and O_CLOEXEC; ENXIO, which is a socket, or a device that is not there.
    private const int LinuxNonBlocking = 0x800 | 0x80000;
    private const int BsdNonBlocking = 0x4 | 0x1000000;
    private const int NoSuchDevice = 6;

    private static IOException NotRegular(string path) => new($"'{path}' is no regular file: a pipe, a socket or a terminal is not read.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
