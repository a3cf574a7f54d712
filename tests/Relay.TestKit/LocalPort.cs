using System.Net;
using System.Net.Sockets;

namespace Relay.TestKit;

/// <summary>Ports of this machine, for programs that are told on which to listen.</summary>
public static class LocalPort
{
    /// <summary>A port on which nothing listens now.</summary>
    public static int FindFree()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>True when something listens there.</summary>
    public static bool IsOpen(int port)
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
