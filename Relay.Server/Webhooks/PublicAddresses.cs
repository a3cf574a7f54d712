using System.Net;
using System.Net.Sockets;
using Shared.Contracts.Addresses;

namespace Relay.Server.Webhooks;

/// <summary>The addresses that a delivery may go to: those of hosts on the Internet.</summary>
internal static class PublicAddresses
{
    // Teredo and 6to4 lead to an address of version 4 that they hold.
    private static readonly IPNetwork[] Indirect = [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2002::/16")];

    public static bool Contains(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return PublicAddressSpace.Contains(plain)
            && !(plain.AddressFamily is AddressFamily.InterNetworkV6 && Indirect.Any(network => network.Contains(plain)));
    }
}
