using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Relay.Server.Http.Connections;

/// <summary>Bounds the connections of one client address before its TLS handshake, so that no stranger takes the connections of all. A trusted proxy
/// is no client: its connections count towards the limit of the whole relay alone.</summary>
/// <param name="perAddress">0: a quarter of all connections, and no bound for programs on this machine.</param>
/// <param name="all">The connections that the relay takes at a time; null where the system tells no limit.</param>
internal sealed partial class ConnectionLimit(
    int perAddress, long? all, IReadOnlyList<IPNetwork> trustedProxies, TimeProvider timeProvider, ILogger<ConnectionLimit> logger)
{
    private const long WithoutLimit = 10_000;
    private const int Parts = 4;
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly long _maximum = perAddress > 0 ? perAddress : Math.Max((all ?? WithoutLimit * Parts) / Parts, 1);
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, long> _open = [];
    private long? _loggedAt;
    private long _unlogged;

    /// <summary>The first step of each connection.</summary>
    public ConnectionDelegate Limit(ConnectionDelegate next) => async connection =>
    {
        if ((connection.RemoteEndPoint as IPEndPoint)?.Address is not { } address || IsExempt(address))
        {
            await next(connection);
            return;
        }

        IPAddress client = RateLimits.ClientOf(address);
        if (!TryEnter(client))
        {
            Log(client);
            connection.Abort(new ConnectionAbortedException("The client address has too many connections."));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(client);
        }
    };

    private bool IsExempt(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return trustedProxies.Any(proxy => proxy.Contains(plain)) || (perAddress == 0 && IPAddress.IsLoopback(plain));
    }

    private bool TryEnter(IPAddress client)
    {
        lock (_gate)
        {
            long open = _open.GetValueOrDefault(client);
            if (open >= _maximum)
            {
                return false;
            }

            _open[client] = open + 1;
            return true;
        }
    }

    private void Leave(IPAddress client)
    {
        lock (_gate)
        {
            if (--_open[client] == 0)
            {
                _open.Remove(client);
            }
        }
    }

    // Strangers must not fill the log.
    private void Log(IPAddress client)
    {
        long unlogged;
        lock (_gate)
        {
            long now = timeProvider.GetTimestamp();
            if (_loggedAt is { } last && timeProvider.GetElapsedTime(last, now) < LogInterval)
            {
                _unlogged++;
                return;
            }

            (_loggedAt, unlogged, _unlogged) = (now, _unlogged, 0);
        }

        LogRefused(client, _maximum, unlogged);
    }

    [LoggerMessage(1007, LogLevel.Warning, "Client {Address} has {Maximum} connections, and a further one was refused; refusals before it that " +
        "are not in the log: {Unlogged}")]
    private partial void LogRefused(IPAddress address, long maximum, long unlogged);
}
