using System.Net;
using System.Net.Sockets;

namespace Relay.Server.Webhooks;

/// <summary>The addresses of the public internet, after the special-purpose registries of IANA (RFC 6890).</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] SpecialIpv4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    // All public addresses of version 6 are in 2000::/3. Those of Teredo and 6to4 hold an address of version 4.
    private static readonly IPNetwork GlobalIpv6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialIpv6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(network => IPNetwork.Parse(network))];

    public static bool Contains(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? !SpecialIpv4.Any(network => network.Contains(plain))
            : GlobalIpv6.Contains(plain) && !SpecialIpv6.Any(network => network.Contains(plain));
    }
}
