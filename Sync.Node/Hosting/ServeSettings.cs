using System.Net;
using Shared.Contracts;
using Sync.Node.Inference.Answers;

namespace Sync.Node.Hosting;

/// <summary>Where to serve, and how much of one request.</summary>
internal sealed record ServeSettings(
    Uri? Rest, Uri? Grpc, string? Socket, string? GrpcSocket, bool AllowsRemote, InferenceLimits Limits)
{
    private const int LongestSocketPath = 107;

    /// <summary>Why these cannot be served; null where they can.</summary>
    public string? FindError()
    {
        foreach (Uri address in new[] { Rest, Grpc }.OfType<Uri>())
        {
            if (address.Host != "localhost" && !IPAddress.TryParse(Literal(address), out _))
            {
                return DisplayText.Format($"{address} has a name: use an address, such as 127.0.0.1, or localhost.");
            }

            if (!AllowsRemote && !IsLoopback(address))
            {
                return DisplayText.Format(
                    $"{address} can be reached by other machines, without TLS and without a key: serve at 127.0.0.1 or at a Unix socket, or give ")
                    + "--insecure-allow-remote.";
            }
        }

        if (Rest is not null && Grpc is not null && Rest.Port == Grpc.Port && Rest.Port != 0)
        {
            return $"REST and gRPC need ports of their own, and both have {Rest.Port}.";
        }

        if (Socket is not null && Socket == GrpcSocket)
        {
            return "REST and gRPC need sockets of their own.";
        }

        string? tooLong = new[] { Socket, GrpcSocket }.OfType<string>().FirstOrDefault(path => Path.GetFullPath(path).Length > LongestSocketPath);
        return tooLong is null ? null : DisplayText.Format($"{tooLong} is too long for a Unix socket: {LongestSocketPath} bytes are the limit.");
    }

    public static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(Literal(address), out IPAddress? ip) && IPAddress.IsLoopback(ip));

    public static IPAddress AddressOf(Uri address) => address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Literal(address));

    private static string Literal(Uri address) => address.Host.Trim('[', ']');
}
