using System.Net;
using System.Net.Sockets;

namespace Shared.Contracts.Addresses;

/// <summary>Which addresses hosts on the Internet have, by the registries of special addresses (RFC 6890).</summary>
internal static class PublicAddressSpace
{
    /// <summary>IPv4 networks that are not public, in order: first address and bits of the prefix.</summary>
    private static readonly (uint First, int Length)[] Special =
    [
        (0x00000000, 8), (0x0A000000, 8), (0x64400000, 10), (0x7F000000, 8), (0xA9FE0000, 16), (0xAC100000, 12), (0xC0000000, 24), (0xC0000200, 24),
        (0xC0586300, 24), (0xC0A80000, 16), (0xC6120000, 15), (0xC6336400, 24), (0xCB007100, 24), (0xE0000000, 3),
    ];

    /// <summary>The public IPv4 addresses as ranges in order, both ends included.</summary>
    public static IReadOnlyList<(uint First, uint Last)> Ranges { get; } = [.. CreateRanges()];

    public static bool Contains(uint address)
    {
        foreach ((uint first, int length) in Special)
        {
            if ((address ^ first) >> (32 - length) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="address">Not mapped into IPv6.</param>
    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily is AddressFamily.InterNetwork)
        {
            return Contains(AddressText.ToNumber(address));
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);

        // Global unicast, without the two networks for documentation.
        return bytes[0] >> 5 == 1
            && !(bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0D && bytes[3] == 0xB8)
            && !(bytes[0] == 0x3F && bytes[1] == 0xFF && bytes[2] >> 4 == 0);
    }

    private static IEnumerable<(uint First, uint Last)> CreateRanges()
    {
        ulong next = 0;
        foreach ((uint first, int length) in Special)
        {
            if (first > next)
            {
                yield return ((uint)next, first - 1);
            }

            next = first + (1UL << (32 - length));
        }
    }
}
