namespace Shared.Contracts.Nodes;

/// <summary>Base64 (RFC 4648, 4) in its one form: padded, without white space, and with no bit set that decoding drops.</summary>
internal static class CanonicalBase64
{
    /// <summary>The bytes; null for a text of another form, or of another number of bytes.</summary>
    public static byte[]? Decode(string text, int length)
    {
        byte[] bytes = new byte[length];
        return text.Length == (length + 2) / 3 * 4
            && Convert.TryFromBase64String(text, bytes, out int written) && written == length && Convert.ToBase64String(bytes) == text
            ? bytes
            : null;
    }
}
