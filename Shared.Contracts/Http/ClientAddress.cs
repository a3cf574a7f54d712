using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Shared.Contracts.Http;

/// <summary>Converts an address to four octets and a key. IPv4 addresses, also those mapped into IPv6, stay as they are. Of an IPv6
/// address only the /64 counts, since one subscriber owns all of it: exclusive or folds its eight bytes to four.</summary>
internal static class ClientAddress
{
    /// <summary>A prefix of multicast, from which no request comes: it keeps IPv4 addresses apart from every IPv6 prefix.</summary>
    private const ulong V4 = 0xFFFF_FFFF_0000_0000;

    /// <summary>Writes the four octets and returns the key of the client's history.</summary>
    public static ulong Read(IPAddress address, Span<byte> octets)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bool isV4 = address.AddressFamily is AddressFamily.InterNetwork;
        if (isV4 || address.IsIPv4MappedToIPv6)
        {
            ReadOnlySpan<byte> four = isV4 ? bytes[..4] : bytes[12..];
            four.CopyTo(octets);
            return V4 | BinaryPrimitives.ReadUInt32BigEndian(four);
        }

        for (int i = 0; i < 4; i++)
        {
            octets[i] = (byte)(bytes[i] ^ bytes[i + 4]);
        }

        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
