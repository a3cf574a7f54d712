using System.Buffers.Binary;
using System.Net;

namespace Relay.Training.Recipes.Reputation;

/// <summary>A set of IPv6 networks.</summary>
internal sealed class V6NetworkSet
{
    private const int AddressBits = 128;

    private readonly SortedDictionary<int, HashSet<UInt128>> _byLength = [];

    public int Count => _byLength.Values.Sum(networks => networks.Count);

    /// <param name="length">Bits of the prefix, 1 to 128.</param>
    public static IPAddress Mask(IPAddress address, int length)
    {
        byte[] bytes = new byte[AddressBits / 8];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Cut(ToNumber(address), length));
        return new IPAddress(bytes);
    }

    /// <param name="length">Bits of the prefix, 1 to 128.</param>
    /// <returns>False where the set has the network.</returns>
    public bool Add(IPAddress network, int length)
    {
        if (!_byLength.TryGetValue(length, out HashSet<UInt128>? networks))
        {
            _byLength.Add(length, networks = []);
        }

        return networks.Add(Cut(ToNumber(network), length));
    }

    /// <summary>Whether one of the networks holds the address.</summary>
    public bool Contains(IPAddress address)
    {
        UInt128 number = ToNumber(address);
        return _byLength.Any(networks => networks.Value.Contains(Cut(number, networks.Key)));
    }

    private static UInt128 Cut(UInt128 address, int length) => address >> (AddressBits - length) << (AddressBits - length);

    private static UInt128 ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt128BigEndian(address.GetAddressBytes());
}
