using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Sync.Node.Hosting;

/// <summary>The files of Unix sockets.</summary>
internal static class SocketFiles
{
    // statx(2): a structure with the same layout on every processor.
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int OfType = 1;
    private const int StatSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;

    /// <summary>Removes the socket of a process that was killed. One at which a process listens stays, and so does every other file.</summary>
    /// <exception cref="IOException">The path is in use, or is no socket.</exception>
    public static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        if (!IsSocket(path))
        {
            throw new IOException($"{path} is there and is no socket: choose another path.");
        }

        using Socket probe = new(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"another process serves at {path}: choose another path, or end it.");
    }

    /// <summary>Lets the account and its group in, and no one else.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        }
    }

    // Elsewhere than on Linux every file counts as something else, and is left alone.
    private static bool IsSocket(string path)
    {
        byte[] stat = new byte[StatSize];
        return OperatingSystem.IsLinux() && StatX(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), NoFollow, OfType, stat) == 0
            && (BinaryPrimitives.ReadUInt16LittleEndian(stat.AsSpan(ModeOffset)) & TypeMask) == SocketType;
    }

    [DllImport("libc", EntryPoint = "statx", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] stat);
}
