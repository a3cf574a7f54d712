using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Relay.Server.Http.Connections;

/// <summary>Makes listeners that hold a bounded number of sockets. The server accepts all that wait, and closes those beyond its limit later, on the
/// thread pool: a process that was slow for a moment would use up its descriptors by that.</summary>
/// <param name="maximum">Sockets of accepted connections at a time, those included that are about to be refused.</param>
internal sealed class BoundedListenerFactory(IOptions<SocketTransportOptions> options, ILoggerFactory loggerFactory, int maximum)
    : IConnectionListenerFactory
{
    private readonly SocketTransportFactory _sockets = new(options, loggerFactory);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new BoundedListener(await _sockets.BindAsync(endpoint, cancellationToken), maximum);
}
