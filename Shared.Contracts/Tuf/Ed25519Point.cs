namespace Shared.Contracts.Tuf;

/// <summary>The encoding of a public key of Ed25519: 32 bytes, the y coordinate from its lowest byte on, and the sign of x in the highest
/// bit.</summary>
internal static class Ed25519Point
{
    private const byte SignBit = 0x80;

    // The y coordinates of all points of order 8 and less. Such a "key" verifies signatures that anyone can make.
    private static readonly HashSet<string> SmallOrder = new(StringComparer.Ordinal)
    {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    };

    /// <summary>True for the only encoding of a point that may be a key.</summary>
    public static bool IsCanonicalKey(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != Ed25519.KeyBytes)
        {
            return false;
        }

        byte[] y = encoded.ToArray();
        y[^1] = (byte)(y[^1] & ~SignBit);

        // Under the prime 2^255 - 19: a larger number is a second encoding of a small one.
        bool isReduced = y[^1] != 0x7F || y[0] < 0xED || y.AsSpan(1, y.Length - 2).ContainsAnyExcept((byte)0xFF);
        return isReduced && !SmallOrder.Contains(Convert.ToHexStringLower(y));
    }
}
