using System.Runtime.CompilerServices;
using Shared.Scoring.Lanes;

namespace Shared.Scoring.Kernels;

/// <summary>The path of a group of trees through their upper levels. At each level, every tree selects its node: the direction at the root
/// selects a half of the level, the next direction a quarter, and so on. The code is unrolled by level so that all vectors stay in
/// registers.</summary>
internal static class LevelPath<TLanes, TVector, TTable>
    where TLanes : ILanes<TVector, TTable>
    where TVector : unmanaged
    where TTable : struct
{
    /// <param name="nodes">Level after level, first the rank indexes and then the thresholds of its nodes.</param>
    /// <returns>Per tree the directions taken, the first one in the highest bit; right is 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TVector Run(in TTable table, ref TVector nodes, int depth)
    {
        TVector a = GoesRight(in table, nodes, At(ref nodes, 1));
        TVector leaf = TLanes.AppendBit(TLanes.Create(0), a);
        if (depth == 1)
        {
            return leaf;
        }

        TVector b = GoesRight(in table, Select2(ref At(ref nodes, 2), a), Select2(ref At(ref nodes, 4), a));
        leaf = TLanes.AppendBit(leaf, b);
        if (depth == 2)
        {
            return leaf;
        }

        TVector c = GoesRight(in table, Select4(ref At(ref nodes, 6), a, b), Select4(ref At(ref nodes, 10), a, b));
        leaf = TLanes.AppendBit(leaf, c);
        if (depth == 3)
        {
            return leaf;
        }

        TVector d = GoesRight(in table, Select8(ref At(ref nodes, 14), a, b, c), Select8(ref At(ref nodes, 22), a, b, c));
        leaf = TLanes.AppendBit(leaf, d);
        if (depth == 4)
        {
            return leaf;
        }

        TVector e = GoesRight(in table, Select16(ref At(ref nodes, 30), a, b, c, d), Select16(ref At(ref nodes, 46), a, b, c, d));
        leaf = TLanes.AppendBit(leaf, e);
        if (depth == 5)
        {
            return leaf;
        }

        TVector f = GoesRight(in table, Select32(ref At(ref nodes, 62), a, b, c, d, e), Select32(ref At(ref nodes, 94), a, b, c, d, e));
        return TLanes.AppendBit(leaf, f);
    }

    private static ref TVector At(ref TVector nodes, int index) => ref Unsafe.Add(ref nodes, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector GoesRight(in TTable table, TVector rankIndexes, TVector thresholds) =>
        TLanes.GreaterThan(TLanes.Lookup(in table, rankIndexes), thresholds);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Select2(ref TVector nodes, TVector a) => TLanes.Select(a, At(ref nodes, 1), nodes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Select4(ref TVector nodes, TVector a, TVector b) =>
        TLanes.Select(a, Select2(ref At(ref nodes, 2), b), Select2(ref nodes, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Select8(ref TVector nodes, TVector a, TVector b, TVector c) =>
        TLanes.Select(a, Select4(ref At(ref nodes, 4), b, c), Select4(ref nodes, b, c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Select16(ref TVector nodes, TVector a, TVector b, TVector c, TVector d) =>
        TLanes.Select(a, Select8(ref At(ref nodes, 8), b, c, d), Select8(ref nodes, b, c, d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Select32(ref TVector nodes, TVector a, TVector b, TVector c, TVector d, TVector e) =>
        TLanes.Select(a, Select16(ref At(ref nodes, 16), b, c, d, e), Select16(ref nodes, b, c, d, e));
}
