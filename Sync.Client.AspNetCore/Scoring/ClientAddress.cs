using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sync.Client.AspNetCore.Scoring;

/// <summary>Finds who sent a request: the connection's peer, or, behind trusted proxies, the last address that none of them contains.</summary>
internal sealed class ClientAddress(ThreatScoringOptions options)
{
    private const string ForwardedFor = "X-Forwarded-For";
    private readonly IPNetwork[] _proxies = [.. options.TrustedProxies];

    /// <param name="isProxied">True when a trusted proxy sent the request.</param>
    /// <param name="sentForwardedFor">True when the client itself sent X-Forwarded-For.</param>
    public IPAddress Find(HttpContext context, out bool isProxied, out bool sentForwardedFor)
    {
        IPAddress? peer = context.Connection.RemoteIpAddress;
        isProxied = peer is null ? options.TrustUnixSockets : IsProxy(peer);
        sentForwardedFor = false;
        if (!isProxied)
        {
            return peer ?? IPAddress.None;
        }

        StringValues lines = context.Request.Headers[ForwardedFor];
        IPAddress client = peer ?? IPAddress.None;
        for (int line = lines.Count - 1; line >= 0; line--)
        {
            ReadOnlySpan<char> rest = lines[line];
            while (!rest.IsEmpty)
            {
                int comma = rest.LastIndexOf(',');
                if (!TryParse(rest[(comma + 1)..].Trim(), out IPAddress? address))
                {
                    sentForwardedFor = true;        // proxies send addresses: whatever this is, the client sent it
                    return client;
                }

                client = address;
                rest = comma < 0 ? [] : rest[..comma];
                if (!IsProxy(address))
                {
                    sentForwardedFor = !rest.IsEmpty || line > 0;
                    return client;
                }
            }
        }

        return client;
    }

    private bool IsProxy(IPAddress address)
    {
        foreach (IPNetwork network in _proxies)
        {
            if (network.Contains(address) || (address.IsIPv4MappedToIPv6 && network.Contains(address.MapToIPv4())))
            {
                return true;
            }
        }

        return false;
    }

    // An address may have a port: 203.0.113.7:5123, or [2001:db8::1]:5123.
    private static bool TryParse(ReadOnlySpan<char> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address)
    {
        if (IPAddress.TryParse(text, out address))
        {
            return true;
        }

        bool isEndPoint = IPEndPoint.TryParse(text, out IPEndPoint? endPoint);
        address = endPoint?.Address;
        return isEndPoint && address is not null;
    }
}
