using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Shared.Contracts.Datasets;

/// <summary>IP addresses as texts, in the forms that logs have.</summary>
public static class LoggedAddress
{
    private const int IPv4Dots = 3;
    private const int IPv6Colons = 2;
    private const int MaxLength = 64;

    private static readonly SearchValues<char> PartCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.:%[]/");

    /// <summary>True for a text that is an IP address as a whole: four decimal numbers, or IPv6, also with brackets, a zone, a port or the length of
    /// a prefix.</summary>
    public static bool IsAddress(string? text) => Normalize(text) is not null;

    /// <summary>True for a text in which an address stands, alone or beside others: in a list such as that of <c>X-Forwarded-For</c>, in a path, a
    /// URL or a pair. A product with a version, such as <c>Chrome/120.0.0.0</c>, is none.</summary>
    public static bool IsIn(string? text)
    {
        if (text is null || (text.Count('.') < IPv4Dots && text.Count(':') < IPv6Colons))
        {
            return false;
        }

        bool isFound = IsAddress(text);
        for (ReadOnlySpan<char> rest = text; !isFound && !rest.IsEmpty;)
        {
            int end = rest.IndexOfAnyExcept(PartCharacters);
            ReadOnlySpan<char> part = end < 0 ? rest : rest[..end];
            isFound = IsInPart(part);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return isFound;
    }

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

    private static bool IsInPart(ReadOnlySpan<char> part)
    {
        if (part.Count('.') < IPv4Dots && part.Count(':') < IPv6Colons)
        {
            return false;
        }

        int slash = part.IndexOf('/');
        bool isProduct = slash > 0 && part.LastIndexOf('/') == slash && !part[..slash].ContainsAny('.', ':');
        for (bool hasNext = !isProduct; hasNext;)
        {
            hasNext = TakePiece(ref part, '/', out ReadOnlySpan<char> segment);
            if (IsSegment(segment.Trim('.')))
            {
                return true;
            }
        }

        return false;
    }

    // With a name before it, or a port after it. Two words around two colons have the form of an IPv6 address, too: those have a digit.
    private static bool IsSegment(ReadOnlySpan<char> segment)
    {
        if (segment.ContainsAnyInRange('0', '9') && (IsAddress(segment.ToString()) || IsAddress(segment.TrimEnd(':').ToString())))
        {
            return true;
        }

        for (bool hasNext = true; hasNext;)
        {
            hasNext = TakePiece(ref segment, ':', out ReadOnlySpan<char> piece);
            if (piece.Count('.') == IPv4Dots && IsAddress(piece.ToString()))
            {
                return true;
            }
        }

        return false;
    }

    // .NET 8 does not split spans. True while there is another piece.
    private static bool TakePiece(ref ReadOnlySpan<char> rest, char separator, out ReadOnlySpan<char> piece)
    {
        int end = rest.IndexOf(separator);
        piece = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return end >= 0;
    }

    // The parser also takes 1, 1.2 and 0x7f000001, which are numbers in data.
    private static bool IsWhole(string host) => host.Contains(':', StringComparison.Ordinal)
        ? host.Count(c => c == ':') >= 2
        : host.Count(c => c == '.') == IPv4Dots && host.All(c => char.IsAsciiDigit(c) || c == '.') && host[^1] != '.'
            && IPAddress.TryParse(host, out IPAddress? address) && address.AddressFamily is AddressFamily.InterNetwork;
}
