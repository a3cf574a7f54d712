using System.Net;
using System.Net.Sockets;

namespace Shared.Contracts.Http;

/// <summary>Converts an address to four octets and a key. IPv4 addresses, also those mapped into IPv6, stay as they are. Of an IPv6
/// address only the /64 counts, since one subscriber owns all of it: exclusive or folds its eight bytes to four.</summary>
internal static class ClientAddress
{
    /// <summary>Writes the four octets and returns the key of the client's history.</summary>
    public static UInt128 Read(IPAddress address, Span<byte> octets)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[..4].CopyTo(octets);
            return BitConverter.ToUInt32(bytes);
        }

        for (int i = 0; i < 4; i++)
        {
            octets[i] = (byte)(bytes[i] ^ bytes[i + 4]);
        }

        return new UInt128(1, BitConverter.ToUInt64(bytes));   // the upper half keeps it apart from every IPv4 address
    }
}
