using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Shared.Scoring.Lanes;

/// <summary>32 trees per vector, with AVX2. Its byte shuffle looks up sixteen ranks; four shuffles and three blends by the bits above look
/// up 64.</summary>
internal readonly struct Lanes256 : ILanes<Vector256<byte>, Lanes256.RankTable>
{
    public static bool IsSupported => Avx2.IsSupported;

    public static string Name => "avx2";

    public static int MaxRanks => 64;

    public static RankTable LoadTable(ref sbyte ranks) =>
        new(LoadSixteen(ref ranks, 0), LoadSixteen(ref ranks, 16), LoadSixteen(ref ranks, 32), LoadSixteen(ref ranks, 48));

    public static Vector256<byte> Create(byte value) => Vector256.Create(value);

    public static Vector256<byte> Lookup(in RankTable table, Vector256<byte> rankIndexes)
    {
        // A blend uses the top bit of a byte: bits 4 and 5 of the index are shifted there.
        Vector256<byte> bit4 = Avx2.ShiftLeftLogical(rankIndexes.AsUInt16(), 3).AsByte();
        Vector256<byte> bit5 = Avx2.ShiftLeftLogical(rankIndexes.AsUInt16(), 2).AsByte();
        Vector256<byte> low = Avx2.BlendVariable(Avx2.Shuffle(table.First, rankIndexes), Avx2.Shuffle(table.Second, rankIndexes), bit4);
        Vector256<byte> high = Avx2.BlendVariable(Avx2.Shuffle(table.Third, rankIndexes), Avx2.Shuffle(table.Fourth, rankIndexes), bit4);
        return Avx2.BlendVariable(low, high, bit5);
    }

    public static Vector256<byte> GreaterThan(Vector256<byte> left, Vector256<byte> right) =>
        Avx2.CompareGreaterThan(left.AsSByte(), right.AsSByte()).AsByte();

    public static Vector256<byte> LessThanOrEqual(Vector256<byte> left, Vector256<byte> right) =>
        ~GreaterThan(left, right);

    public static Vector256<byte> Add(Vector256<byte> left, Vector256<byte> right) => left + right;

    public static Vector256<byte> Select(Vector256<byte> mask, Vector256<byte> whenSet, Vector256<byte> otherwise) =>
        Avx2.BlendVariable(otherwise, whenSet, mask);

    // All ones is -1.
    public static Vector256<byte> AppendBit(Vector256<byte> number, Vector256<byte> mask) => number + number - mask;

    public static Vector256<byte> AndEither(Vector256<byte> kept, Vector256<byte> first, Vector256<byte> second) => kept & (first | second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> TrailingZeroCount(Vector256<byte> bits)
    {
        Vector256<byte> lowest = bits & -bits;
        Vector256<byte> high = (lowest.AsUInt16() >> 4).AsByte() & Vector256.Create((byte)15);
        return Avx2.Shuffle(Repeated.Create256(Nibbles.Low), lowest & Vector256.Create((byte)15))
            + Avx2.Shuffle(Repeated.Create256(Nibbles.High), high);
    }

    public static Vector256<byte> IsZero(Vector256<byte> bits) => Vector256.Equals(bits, Vector256<byte>.Zero);

    private static Vector256<byte> LoadSixteen(ref sbyte ranks, nuint at) =>
        Repeated.Create256(Vector128.LoadUnsafe(ref ranks, at).AsByte());

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct RankTable(Vector256<byte> First, Vector256<byte> Second, Vector256<byte> Third, Vector256<byte> Fourth);
}
