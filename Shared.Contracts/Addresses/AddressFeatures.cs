using System.Net;
using System.Net.Sockets;

namespace Shared.Contracts.Addresses;

/// <summary>Turns an IP address into the columns of the model <c>ip-reputation</c>, for training and for nodes alike: texts, which the signed file
/// looks up. An IPv6 address has its own text alone, so that lists find it and nothing is learned of its networks; one that holds an
/// IPv4 address (::ffff:0:0/96) is that address.</summary>
public static class AddressFeatures
{
    private static readonly int[] RangeLengths = [28, 24, 20, 16, 12, 8];
    private static readonly int[] NetworkLengths = [28, 24, 22, 20, 16, 12, 8];

    /// <summary>The columns, all of type category: the address and the networks of <see cref="RangeLengths"/> are looked up in
    /// lists, and those of <see cref="NetworkLengths"/> have counts of listed addresses.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["address", .. RangeLengths.Select(length => $"range_{length}"), .. NetworkLengths.Select(length => $"net_{length}")];

    /// <summary>Bits of the networks in which listed ranges are looked up, longest first.</summary>
    internal static IReadOnlyList<int> Ranges => RangeLengths;

    /// <summary>The first column that trees learn from.</summary>
    internal static int FirstLearned { get; } = 1 + RangeLengths.Length;

    /// <summary>Reads a text, such as a field of a log.</summary>
    /// <param name="address">An IPv4 address in dotted decimals without leading zeros, or an IPv6 address without brackets and zone.</param>
    /// <returns>A text per column of <see cref="Names"/>, empty where there is none: the categories of a row of Predict.</returns>
    public static Result<string[], AddressRefusal> Extract(string address) => AddressText.Parse(address) is { } parsed
        ? Extract(parsed)
        : new AddressRefusal(
            AddressRefusalReason.Malformed,
            $"'{DisplayText.Escape(address, 60)}' is no address; expected one such as 198.51.100.7 or 2001:db8::7, without port, brackets and zone");

    /// <summary>Reads the address of a connection.</summary>
    /// <returns>A text per column of <see cref="Names"/>, empty where there is none: the categories of a row of Predict.</returns>
    public static Result<string[], AddressRefusal> Extract(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        address = AddressText.Unmap(address);
        if (!PublicAddressSpace.Contains(address))
        {
            return new AddressRefusal(
                AddressRefusalReason.NotPublic, $"{address} is private, local, multicast or reserved: it has no reputation on the Internet");
        }

        if (address.AddressFamily is AddressFamily.InterNetwork)
        {
            return Extract(AddressText.ToNumber(address));
        }

        string[] row = CreateEmpty();
        row[0] = address.ToString();
        return row;
    }

    internal static string[] Extract(uint address)
    {
        string[] row = CreateEmpty();
        row[0] = AddressText.Write(address);
        for (int i = 0; i < NetworkLengths.Length; i++)
        {
            row[FirstLearned + i] = AddressText.WriteNetwork(address, NetworkLengths[i]);
        }

        for (int i = 0; i < RangeLengths.Length; i++)
        {
            row[1 + i] = row[FirstLearned + Array.IndexOf(NetworkLengths, RangeLengths[i])];
        }

        return row;
    }

    internal static string[] CreateEmpty()
    {
        string[] row = new string[Names.Count];
        Array.Fill(row, "");
        return row;
    }
}
