using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Shared.Scoring.Lanes;

/// <summary>16 trees per vector: with AdvSimd of 64-bit Arm, which looks up 64 ranks at once, or with SSE 4.1, which looks up
/// sixteen.</summary>
internal readonly struct Lanes128 : ILanes<Vector128<byte>, Lanes128.RankTable>
{
    public static bool IsSupported => AdvSimd.Arm64.IsSupported || Sse41.IsSupported;

    public static string Name => AdvSimd.Arm64.IsSupported ? "advsimd" : "sse4";

    public static int MaxRanks => 64;

    public static RankTable LoadTable(ref sbyte ranks) =>
        new(LoadSixteen(ref ranks, 0), LoadSixteen(ref ranks, 16), LoadSixteen(ref ranks, 32), LoadSixteen(ref ranks, 48));

    public static Vector128<byte> Create(byte value) => Vector128.Create(value);

    public static Vector128<byte> Lookup(in RankTable table, Vector128<byte> rankIndexes)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.VectorTableLookup((table.First, table.Second, table.Third, table.Fourth), rankIndexes);
        }

        // A blend uses the top bit of a byte: bits 4 and 5 of the index are shifted there.
        Vector128<byte> bit4 = (rankIndexes.AsUInt16() << 3).AsByte();
        Vector128<byte> bit5 = (rankIndexes.AsUInt16() << 2).AsByte();
        Vector128<byte> low = Sse41.BlendVariable(Ssse3.Shuffle(table.First, rankIndexes), Ssse3.Shuffle(table.Second, rankIndexes), bit4);
        Vector128<byte> high = Sse41.BlendVariable(Ssse3.Shuffle(table.Third, rankIndexes), Ssse3.Shuffle(table.Fourth, rankIndexes), bit4);
        return Sse41.BlendVariable(low, high, bit5);
    }

    public static Vector128<byte> GreaterThan(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.GreaterThan(left.AsSByte(), right.AsSByte()).AsByte();

    public static Vector128<byte> LessThanOrEqual(Vector128<byte> left, Vector128<byte> right) => ~GreaterThan(left, right);

    public static Vector128<byte> Add(Vector128<byte> left, Vector128<byte> right) => left + right;

    public static Vector128<byte> Select(Vector128<byte> mask, Vector128<byte> whenSet, Vector128<byte> otherwise) =>
        Vector128.ConditionalSelect(mask, whenSet, otherwise);

    // All ones is -1.
    public static Vector128<byte> AppendBit(Vector128<byte> number, Vector128<byte> mask) => number + number - mask;

    public static Vector128<byte> AndEither(Vector128<byte> kept, Vector128<byte> first, Vector128<byte> second) => kept & (first | second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> TrailingZeroCount(Vector128<byte> bits)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.LeadingZeroCount(AdvSimd.Arm64.ReverseElementBits(bits));
        }

        Vector128<byte> lowest = bits & -bits;
        Vector128<byte> high = (lowest.AsUInt16() >> 4).AsByte() & Vector128.Create((byte)15);
        return Ssse3.Shuffle(Nibbles.Low, lowest & Vector128.Create((byte)15)) + Ssse3.Shuffle(Nibbles.High, high);
    }

    public static Vector128<byte> IsZero(Vector128<byte> bits) => Vector128.Equals(bits, Vector128<byte>.Zero);

    private static Vector128<byte> LoadSixteen(ref sbyte ranks, nuint at) => Vector128.LoadUnsafe(ref ranks, at).AsByte();

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct RankTable(Vector128<byte> First, Vector128<byte> Second, Vector128<byte> Third, Vector128<byte> Fourth);
}
