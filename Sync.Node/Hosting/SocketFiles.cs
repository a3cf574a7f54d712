using System.Net.Sockets;

namespace Sync.Node.Hosting;

/// <summary>The files of Unix sockets.</summary>
internal static class SocketFiles
{
    /// <summary>Removes the socket of a process that was killed. One at which a process listens stays, and so does every other file.</summary>
    /// <exception cref="IOException">The path is in use, or is no socket.</exception>
    public static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused && new FileInfo(path).Length == 0)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            throw new IOException($"{path} is there and is no socket: choose another path.");
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
}
