using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Sync.Node.Hosting.Sockets;

/// <summary>Listens at one Unix socket. A program opens few connections to its sidecar, and each gets a thread; what comes beyond that is served
/// by the server's usual transport.</summary>
/// <param name="path">The socket's; null for none.</param>
internal sealed class ThreadTransport(string? path, IMemoryPoolFactory<byte> pools, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private const int Backlog = 512;

    public bool CanBind(EndPoint endpoint) => path is not null && endpoint is UnixDomainSocketEndPoint && endpoint.ToString() == path;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket listening;
        try
        {
            listening = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(refused.Message, refused);
        }

        listening.Listen(Backlog);
        return ValueTask.FromResult<IConnectionListener>(new Listener(listening, endpoint, pools.Create(), loggers));
    }

    private sealed class Listener(Socket listening, EndPoint endpoint, MemoryPool<byte> pool, ILoggerFactory loggers) : IConnectionListener
    {
        private const int MaximumThreads = 64;

        private readonly SocketConnectionContextFactory _others = new(
            new() { UnsafePreferInlineScheduling = true, WaitForDataBeforeAllocatingBuffer = false }, loggers.CreateLogger<ThreadTransport>());

        private int _threads;

        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    return Create(await listening.AcceptAsync(cancellationToken));
                }
                catch (Exception e) when (e is ObjectDisposedException || e is SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null;
                }
                catch (SocketException)
                {
                    // A connection that was gone before it was accepted.
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            listening.Dispose();
            return default;
        }

        public ValueTask DisposeAsync()
        {
            listening.Dispose();
            _others.Dispose();
            return default;
        }

        private ConnectionContext Create(Socket socket)
        {
            if (Interlocked.Increment(ref _threads) > MaximumThreads)
            {
                Interlocked.Decrement(ref _threads);
                return _others.Create(socket);
            }

            ThreadConnection connection = new(socket, pool, () => Interlocked.Decrement(ref _threads));
            connection.Start();
            return connection;
        }
    }
}
