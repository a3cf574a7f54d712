using System.Formats.Asn1;

namespace Shared.Contracts.Cms;

/// <summary>Checks that bytes are one DER value of exact length, down to the innermost value: then every reader understands them alike.</summary>
internal static class DerEncoding
{
    private const int MaximumDepth = 24;

    public static bool IsExact(ReadOnlySpan<byte> bytes) => IsExact(bytes, 0);

    private static bool IsExact(ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > MaximumDepth
            || !AsnDecoder.TryReadEncodedValue(bytes, AsnEncodingRules.DER, out Asn1Tag tag, out int offset, out int length, out int consumed)
            || consumed != bytes.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> content = bytes.Slice(offset, length);
        while (tag.IsConstructed && !content.IsEmpty)
        {
            if (!AsnDecoder.TryReadEncodedValue(content, AsnEncodingRules.DER, out _, out _, out _, out int size)
                || !IsExact(content[..size], depth + 1))
            {
                return false;
            }

            content = content[size..];
        }

        return true;
    }
}
