using System.Net;
using System.Net.Sockets;

namespace Relay.Server.Webhooks;

/// <summary>Connects to receivers. The address that a name resolves to is checked, and the connection goes to that one: a name that resolves
/// to another address the next time reaches nothing else.</summary>
internal sealed class WebhookConnections(WebhookSettings settings)
{
    /// <exception cref="WebhookAddressException">The name has no address that deliveries may go to.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        bool isPlain = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp;
        IPAddress[] found = IPAddress.TryParse(target.Host, out IPAddress? literal)
            ? [literal]
            : await settings.Resolve(target.Host, cancellationToken);
        IPAddress[] allowed = [.. found.Where(address => IsAllowed(address, isPlain))];
        if (allowed.Length == 0)
        {
            throw new WebhookAddressException(
                found.Length == 0 ? "the name has no address"
                : isPlain ? "http is for loopback addresses only, and the name has none"
                : "it has only private, loopback or link-local addresses, which deliveries do not go to without --webhook-private");
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <param name="isPlain">True for http.</param>
    public bool IsAllowed(IPAddress address, bool isPlain) =>
        isPlain
            ? settings.AllowsPrivate && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            : settings.AllowsPrivate || PublicAddresses.Contains(address);
}

/// <summary>A name has no address that deliveries may go to.</summary>
internal sealed class WebhookAddressException(string message) : IOException(message);
