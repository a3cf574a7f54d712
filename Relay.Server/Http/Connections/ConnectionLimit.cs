using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Relay.Server.Http.Connections;

/// <summary>Bounds the connections of all, and those of one client address, before the TLS handshake: no stranger takes the connections of all. A
/// trusted proxy is no client: its connections count towards the limit of the whole relay alone.</summary>
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
    private long _total;
    private long? _loggedAt;
    private long _unlogged;

    /// <summary>The first step of each connection.</summary>
    public ConnectionDelegate Limit(ConnectionDelegate next) => async connection =>
    {
        IPAddress? client = FindClient(connection);
        if (FindRefusal(client) is { } refusal)
        {
            Log(connection.RemoteEndPoint, refusal);
            connection.Abort(new ConnectionAbortedException(refusal));
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

    /// <summary>Whose connections are counted; null: it counts towards the limit of all alone.</summary>
    private IPAddress? FindClient(ConnectionContext connection) =>
        (connection.RemoteEndPoint as IPEndPoint)?.Address is { } address && !IsExempt(address) ? RateLimits.ClientOf(address) : null;

    private bool IsExempt(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return trustedProxies.Any(proxy => proxy.Contains(plain)) || (perAddress == 0 && IPAddress.IsLoopback(plain));
    }

    /// <summary>Why a connection is refused; null: it is counted.</summary>
    private string? FindRefusal(IPAddress? client)
    {
        lock (_gate)
        {
            if (_total >= all)
            {
                return $"the relay has {all} connections, as many as its open files allow";
            }

            if (client is not null)
            {
                long open = _open.GetValueOrDefault(client);
                if (open >= _maximum)
                {
                    return $"client {client} has {_maximum} connections";
                }

                _open[client] = open + 1;
            }

            _total++;
            return null;
        }
    }

    private void Leave(IPAddress? client)
    {
        lock (_gate)
        {
            _total--;
            if (client is not null && --_open[client] == 0)
            {
                _open.Remove(client);
            }
        }
    }

    // Strangers must not fill the log.
    private void Log(EndPoint? remote, string refusal)
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

        LogRefused((remote as IPEndPoint)?.Address, refusal, unlogged);
    }

    [LoggerMessage(1007, LogLevel.Warning, "A connection from {Address} was refused: {Reason}; refusals before it that are not in the log: " +
        "{Unlogged}")]
    private partial void LogRefused(IPAddress? address, string reason, long unlogged);
}
