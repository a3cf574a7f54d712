using System.Net;
using System.Net.Sockets;
using Shared.Contracts.Addresses;

namespace Relay.Training.Recipes.Reputation;

/// <summary>The entries of list files, as they were read.</summary>
internal sealed class AddressList
{
    // A list of a network wider than this says nothing about an address in it.
    private const int WidestPrefix = 8;

    private readonly HashSet<uint> _singles = [];
    private readonly HashSet<AddressRange> _ranges = [];
    private readonly HashSet<string> _v6 = new(StringComparer.Ordinal);

    /// <summary>Single IPv4 addresses.</summary>
    public IReadOnlySet<uint> Singles => _singles;

    /// <summary>Ranges of more than one IPv4 address.</summary>
    public IReadOnlySet<AddressRange> Ranges => _ranges;

    /// <summary>Single IPv6 addresses.</summary>
    public IReadOnlySet<string> V6 => _v6;

    public int Entries { get; private set; }

    public int Duplicates { get; private set; }

    /// <summary>Entries left out because no host on the Internet has such an address.</summary>
    public int NotPublic { get; private set; }

    /// <summary>Entries left out because fewer lists than asked for name them.</summary>
    public int BelowMinimum { get; private set; }

    /// <summary>Ranges of IPv6 addresses. They are not looked up; those of an allow list say which single addresses are left out.</summary>
    public V6NetworkSet V6Ranges { get; } = new();

    public AddressSet ToSet() => AddressSet.Create(_singles.Select(a => new AddressRange(a, a)).Concat(_ranges));

    public void SkipBelowMinimum()
    {
        Entries++;
        BelowMinimum++;
    }

    /// <summary>Adds an address, a network such as 198.51.100.0/24, or two addresses with a hyphen between them.</summary>
    /// <returns>What was expected; null where the entry is good.</returns>
    public string? Add(ReadOnlySpan<char> entry)
    {
        string? problem = entry.IndexOf('/') is >= 0 and var slash ? AddNetwork(entry[..slash], entry[(slash + 1)..])
            : entry.IndexOf('-') is >= 0 and var hyphen ? AddRange(entry[..hyphen], entry[(hyphen + 1)..])
            : AddressText.Parse(entry) is { } address ? AddAddress(address)
            : "an address such as 198.51.100.7, a network such as 198.51.100.0/24, or a range such as 198.51.100.0-198.51.100.9";
        Entries += problem is null ? 1 : 0;
        return problem;
    }

    private string? AddAddress(IPAddress address)
    {
        address = AddressText.Unmap(address);
        if (!PublicAddressSpace.Contains(address))
        {
            NotPublic++;
        }
        else if (!(address.AddressFamily is AddressFamily.InterNetwork ? _singles.Add(AddressText.ToNumber(address)) : _v6.Add(address.ToString())))
        {
            Duplicates++;
        }

        return null;
    }

    private string? AddNetwork(ReadOnlySpan<char> address, ReadOnlySpan<char> prefix)
    {
        if (AddressText.Parse(address) is not { } network || prefix.Length is 0 or > 3 || prefix.ContainsAnyExceptInRange('0', '9'))
        {
            return "a network such as 198.51.100.0/24";
        }

        int length = int.Parse(prefix, System.Globalization.CultureInfo.InvariantCulture);
        if (network.AddressFamily is AddressFamily.InterNetworkV6)
        {
            return length is < WidestPrefix or > 128 ? $"a prefix of {WidestPrefix} to 128 bits"
                : V6NetworkSet.Mask(network, length) is var masked && !masked.Equals(network)
                    ? $"{masked}/{length}: the address has bits behind its prefix"
                : length == 128 ? AddAddress(network)
                : AddV6Range(network, length);
        }

        uint first = AddressText.ToNumber(network);
        uint hosts = length is 0 or > 32 ? 0 : (uint)((1UL << (32 - length)) - 1);
        return length is < WidestPrefix or > 32 ? $"a prefix of {WidestPrefix} to 32 bits"
            : (first & hosts) != 0 ? $"{AddressText.WriteNetwork(first, length)}: the address has bits behind its prefix"
            : length == 32 ? AddAddress(network)
            : AddRange(new AddressRange(first, first | hosts));
    }

    private string? AddV6Range(IPAddress network, int length)
    {
        Duplicates += V6Ranges.Add(network, length) ? 0 : 1;
        return null;
    }

    private string? AddRange(ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        if (AddressText.Parse(from.Trim()) is not { AddressFamily: AddressFamily.InterNetwork } first
            || AddressText.Parse(to.Trim()) is not { AddressFamily: AddressFamily.InterNetwork } last)
        {
            return "a range of IPv4 addresses such as 198.51.100.0-198.51.100.9";
        }

        AddressRange range = new(AddressText.ToNumber(first), AddressText.ToNumber(last));
        return range.Count is < 1 or > 1L << (32 - WidestPrefix) ? $"the lower address first, and at most {1 << (32 - WidestPrefix)} addresses"
            : range.Count == 1 ? AddAddress(first)
            : AddRange(range);
    }

    private string? AddRange(AddressRange range)
    {
        if (!PublicAddressSpace.Contains(range.First) && !PublicAddressSpace.Contains(range.Last))
        {
            NotPublic++;
        }
        else if (!_ranges.Add(range))
        {
            Duplicates++;
        }

        return null;
    }
}
