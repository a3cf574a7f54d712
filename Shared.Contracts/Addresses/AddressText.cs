using System.Net;
using System.Net.Sockets;

namespace Shared.Contracts.Addresses;

/// <summary>Reads and writes addresses in one form each, so that equal addresses are equal texts.</summary>
internal static class AddressText
{
    /// <summary>An IPv4 address in four decimal numbers without leading zeros, or an IPv6 address without brackets and zone; null for any other text.
    /// An IPv4 address that is mapped into IPv6 is the IPv4 address.</summary>
    public static IPAddress? Parse(ReadOnlySpan<char> text)
    {
        // The platform's parser also takes octal, hexadecimal and shortened forms, which others read as another address.
        if (text.Length > 45 || text.ContainsAny("[]%/ \t") || !IPAddress.TryParse(text, out IPAddress? address))
        {
            return null;
        }

        return address.AddressFamily is AddressFamily.InterNetworkV6 ? Unmap(address)
            : text.SequenceEqual(address.ToString()) ? address
            : null;
    }

    public static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>An IPv4 address as a number, its first octet in the highest bits.</summary>
    public static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public static string Write(uint address) => $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}";

    /// <summary>The network of an address, such as 198.51.100.0/24.</summary>
    /// <param name="length">Bits of the prefix, 1 to 32.</param>
    public static string WriteNetwork(uint address, int length) => $"{Write(address & (uint.MaxValue << (32 - length)))}/{length}";
}
