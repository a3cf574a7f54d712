using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Shared.Scoring.Lanes;

/// <summary>64 trees per vector, with the byte permutations of AVX-512, which look up 128 ranks.</summary>
internal readonly struct Lanes512 : ILanes<Vector512<byte>, Lanes512.RankTable>
{
    public static bool IsSupported => Avx512BW.IsSupported && Avx512Vbmi.IsSupported;

    public static string Name => "avx512";

    public static int MaxRanks => 128;

    public static RankTable LoadTable(ref sbyte ranks) =>
        new(Vector512.LoadUnsafe(ref ranks).AsByte(), Vector512.LoadUnsafe(ref ranks, 64).AsByte());

    public static Vector512<byte> Create(byte value) => Vector512.Create(value);

    public static Vector512<byte> Lookup(in RankTable table, Vector512<byte> rankIndexes) =>
        Avx512Vbmi.PermuteVar64x8x2(table.Low, rankIndexes, table.High);

    public static Vector512<byte> GreaterThan(Vector512<byte> left, Vector512<byte> right) =>
        Vector512.GreaterThan(left.AsSByte(), right.AsSByte()).AsByte();

    public static Vector512<byte> LessThanOrEqual(Vector512<byte> left, Vector512<byte> right) =>
        Vector512.LessThanOrEqual(left.AsSByte(), right.AsSByte()).AsByte();

    public static Vector512<byte> Add(Vector512<byte> left, Vector512<byte> right) => left + right;

    public static Vector512<byte> Select(Vector512<byte> mask, Vector512<byte> whenSet, Vector512<byte> otherwise) =>
        Vector512.ConditionalSelect(mask, whenSet, otherwise);

    // All ones is -1.
    public static Vector512<byte> AppendBit(Vector512<byte> number, Vector512<byte> mask) => number + number - mask;

    public static Vector512<byte> AndEither(Vector512<byte> kept, Vector512<byte> first, Vector512<byte> second) => kept & (first | second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> TrailingZeroCount(Vector512<byte> bits)
    {
        Vector512<byte> lowest = bits & -bits;
        Vector512<byte> high = (lowest.AsUInt16() >> 4).AsByte() & Vector512.Create((byte)15);
        return Avx512BW.Shuffle(Repeated.Create512(Nibbles.Low), lowest & Vector512.Create((byte)15))
            + Avx512BW.Shuffle(Repeated.Create512(Nibbles.High), high);
    }

    public static Vector512<byte> IsZero(Vector512<byte> bits) => Vector512.Equals(bits, Vector512<byte>.Zero);

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct RankTable(Vector512<byte> Low, Vector512<byte> High);
}
