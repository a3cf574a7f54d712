using System.Runtime.Intrinsics;

namespace Shared.Scoring.Lanes;

/// <summary>Tables for the index of the only set bit of a byte: the sum of the look-ups of its two halves.</summary>
internal static class Nibbles
{
    /// <summary>For the lower half: 1, 2, 4, 8 to 0, 1, 2, 3.</summary>
    public static Vector128<byte> Low => Vector128.Create((byte)0, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>For the upper half: 1, 2, 4, 8 to 4, 5, 6, 7.</summary>
    public static Vector128<byte> High => Vector128.Create((byte)0, 4, 5, 0, 6, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0);
}
