using System.Runtime.CompilerServices;
using Shared.Scoring.Lanes;

namespace Shared.Scoring.Kernels;

/// <summary>The way of a group of trees down their levels. Out of a level's nodes each tree picks its own: the way at the root
/// chooses a half, the next one a quarter, and so on. Written out level by level, so that all
/// stays in registers.</summary>
internal static class LevelPath<TLanes, TVector, TTable>
    where TLanes : ILanes<TVector, TTable>
    where TVector : unmanaged
    where TTable : struct
{
    /// <param name="nodes">Level after level, first the columns and then the thresholds of its nodes.</param>
    /// <returns>Per tree the ways taken, the first one as the highest bit, right being 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TVector Run(in TTable table, ref TVector nodes, int depth)
    {
        TVector a = Right(in table, nodes, At(ref nodes, 1));
        TVector leaf = TLanes.Append(TLanes.Fill(0), a);
        if (depth == 1)
        {
            return leaf;
        }

        TVector b = Right(in table, Pick2(ref At(ref nodes, 2), a), Pick2(ref At(ref nodes, 4), a));
        leaf = TLanes.Append(leaf, b);
        if (depth == 2)
        {
            return leaf;
        }

        TVector c = Right(in table, Pick4(ref At(ref nodes, 6), a, b), Pick4(ref At(ref nodes, 10), a, b));
        leaf = TLanes.Append(leaf, c);
        if (depth == 3)
        {
            return leaf;
        }

        TVector d = Right(in table, Pick8(ref At(ref nodes, 14), a, b, c), Pick8(ref At(ref nodes, 22), a, b, c));
        leaf = TLanes.Append(leaf, d);
        if (depth == 4)
        {
            return leaf;
        }

        TVector e = Right(in table, Pick16(ref At(ref nodes, 30), a, b, c, d), Pick16(ref At(ref nodes, 46), a, b, c, d));
        leaf = TLanes.Append(leaf, e);
        if (depth == 5)
        {
            return leaf;
        }

        TVector f = Right(in table, Pick32(ref At(ref nodes, 62), a, b, c, d, e), Pick32(ref At(ref nodes, 94), a, b, c, d, e));
        return TLanes.Append(leaf, f);
    }

    private static ref TVector At(ref TVector nodes, int index) => ref Unsafe.Add(ref nodes, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Right(in TTable table, TVector columns, TVector thresholds) =>
        TLanes.Above(TLanes.Lookup(in table, columns), thresholds);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pick2(ref TVector nodes, TVector a) => TLanes.Select(a, At(ref nodes, 1), nodes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pick4(ref TVector nodes, TVector a, TVector b) =>
        TLanes.Select(a, Pick2(ref At(ref nodes, 2), b), Pick2(ref nodes, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pick8(ref TVector nodes, TVector a, TVector b, TVector c) =>
        TLanes.Select(a, Pick4(ref At(ref nodes, 4), b, c), Pick4(ref nodes, b, c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pick16(ref TVector nodes, TVector a, TVector b, TVector c, TVector d) =>
        TLanes.Select(a, Pick8(ref At(ref nodes, 8), b, c, d), Pick8(ref nodes, b, c, d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pick32(ref TVector nodes, TVector a, TVector b, TVector c, TVector d, TVector e) =>
        TLanes.Select(a, Pick16(ref At(ref nodes, 16), b, c, d, e), Pick16(ref nodes, b, c, d, e));
}
