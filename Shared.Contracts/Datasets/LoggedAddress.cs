using System.Net;
using System.Net.Sockets;

namespace Shared.Contracts.Datasets;

/// <summary>IP addresses as texts, in the forms that logs have.</summary>
public static class LoggedAddress
{
    private const int IPv4Dots = 3;
    private const int MaxLength = 64;

    /// <summary>True for a text that is an IP address as a whole: four decimal numbers, or IPv6, also with brackets, a zone, a port or the length of
    /// a prefix.</summary>
    public static bool IsAddress(string? text) => Normalize(text) is not null;

    /// <summary>The address in one form, so that equal addresses have equal texts; null for what is no address. A port, a zone and the length of a
    /// prefix are no part of it.</summary>
    public static string? Normalize(string? text)
    {
        text = text?.Trim();
        if (text is null || text.Length > MaxLength)
        {
            return null;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string host = slash > 0 ? text[..slash] : text;
        if (host.StartsWith('[') && host.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
        {
            host = host[1..end];
        }
        else if (host.Count(c => c == ':') == 1)
        {
            host = host[..host.IndexOf(':', StringComparison.Ordinal)];
        }

        int zone = host.IndexOf('%', StringComparison.Ordinal);
        host = zone > 0 ? host[..zone] : host;
        if (!IsWhole(host) || !IPAddress.TryParse(host, out IPAddress? address))
        {
            return null;
        }

        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    // The parser also takes 1, 1.2 and 0x7f000001, which are numbers in data.
    private static bool IsWhole(string host) => host.Contains(':', StringComparison.Ordinal)
        ? host.Count(c => c == ':') >= 2
        : host.Count(c => c == '.') == IPv4Dots && host.All(c => char.IsAsciiDigit(c) || c == '.') && host[^1] != '.'
            && IPAddress.TryParse(host, out IPAddress? address) && address.AddressFamily is AddressFamily.InterNetwork;
}
