using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>For trees of few leaves at any depth, as leaf-wise growth makes them (after QuickScorer, Lucchese et al. 2015): all
/// branches of a tree are tested, in any order; each that sends the row right strikes out the leaves on its left, and the
/// leftmost leaf that stays is the row's. Planes hold eight leaves of each tree, a tree per byte.</summary>
internal sealed class QuickScorerKernel<TLanes, TVector, TTable> : ForestKernel
    where TLanes : ILanes<TVector, TTable>
    where TVector : unmanaged
    where TTable : struct
{
    private const int MaxLeaves = 64;
    private const int LeavesPerPlane = 8;
    private readonly RankEncoder _codes;
    private readonly LeafSums _sums;
    private readonly int _planes;
    private readonly int _branches;

    // Per group and branch: columns, thresholds, and for each plane the leaves that stay when the branch goes right.
    private readonly TVector[] _tests;

    private QuickScorerKernel(TreeForest forest, RankEncoder codes, int leaves)
        : base(forest)
    {
        _codes = codes;
        _planes = (leaves + LeavesPerPlane - 1) / LeavesPerPlane;
        _branches = forest.Trees.Max(t => t.Feature.Length);
        LeafRanges[] ranges = [.. forest.Trees.Select(t => new LeafRanges(t))];
        _sums = LeafSums.Strided(
            forest, _planes * LeavesPerPlane, (tree, place) => place < ranges[tree].Leaves.Count ? ranges[tree].Leaves[place] : -1);
        int groups = (forest.Trees.Count + Width - 1) / Width;
        _tests = new TVector[groups * _branches * VectorsPerBranch];
        Span<byte> bytes = MemoryMarshal.AsBytes(_tests.AsSpan());
        for (int at = 0; at < groups * Width * _branches; at++)
        {
            (int position, int branch) = (at / _branches, at % _branches);
            Span<byte> test = bytes[(((((position / Width) * _branches) + branch) * VectorsPerBranch * Width) + (position % Width))..];
            bool isThere = position < forest.Trees.Count && branch < forest.Trees[_sums.Order[position]].Feature.Length;
            (byte code, sbyte atMost) = isThere ? codes.Of(forest.Trees[_sums.Order[position]], branch) : ((byte)0, sbyte.MaxValue);
            ulong kept = isThere ? ranges[_sums.Order[position]].KeptRight(branch) : ulong.MaxValue;
            test[0] = code;
            test[Width] = (byte)atMost;
            for (int plane = 0; plane < _planes; plane++)
            {
                test[(2 + plane) * Width] = (byte)(kept >> (LeavesPerPlane * plane));
            }
        }
    }

    public override string Name => $"planes-{TLanes.Name}";

    private static int Width => Unsafe.SizeOf<TVector>();

    private int VectorsPerBranch => 2 + _planes;

    /// <returns>Null where the processor, the number of leaves or the codes do not allow it.</returns>
    public static ForestKernel? TryCreate(ForestShape shape) =>
        TLanes.IsSupported && shape.MaxLeaves is > 1 and <= MaxLeaves && shape.Codes(TLanes.MaxCodes) is { } codes
            ? new QuickScorerKernel<TLanes, TVector, TTable>(shape.Forest, codes, shape.MaxLeaves)
            : null;

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddTo(ReadOnlySpan<float> row, Span<float> scores)
    {
        Span<sbyte> codes = stackalloc sbyte[TLanes.MaxCodes];
        _codes.Encode(row, codes);
        TTable table = TLanes.Table(ref MemoryMarshal.GetReference(codes));
        Span<TVector> leaves = stackalloc TVector[(_sums.Order.Length + Width - 1) / Width];
        ref TVector tests = ref MemoryMarshal.GetArrayDataReference(_tests);
        for (int group = 0; group < leaves.Length; group++)
        {
            leaves[group] = _planes <= 4 ? FourPlanes(in table, ref tests) : EightPlanes(in table, ref tests);
            tests = ref Unsafe.Add(ref tests, _branches * VectorsPerBranch);
        }

        _sums.Add<byte>(MemoryMarshal.AsBytes(leaves), scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TVector FourPlanes(in TTable table, ref TVector test)
    {
        TVector a = TLanes.Fill(byte.MaxValue);
        (TVector b, TVector c, TVector d) = (a, a, a);
        for (int branch = 0; branch < _branches; branch++)
        {
            TVector left = TLanes.NotAbove(TLanes.Lookup(in table, test), Unsafe.Add(ref test, 1));
            a = TLanes.AndEither(a, left, Unsafe.Add(ref test, 2));
            b = _planes > 1 ? TLanes.AndEither(b, left, Unsafe.Add(ref test, 3)) : b;
            c = _planes > 2 ? TLanes.AndEither(c, left, Unsafe.Add(ref test, 4)) : c;
            d = _planes > 3 ? TLanes.AndEither(d, left, Unsafe.Add(ref test, 5)) : d;
            test = ref Unsafe.Add(ref test, VectorsPerBranch);
        }

        return First(a, 0, First(b, 8, First(c, 16, First(d, 24, TLanes.Fill(0)))));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TVector EightPlanes(in TTable table, ref TVector test)
    {
        TVector a = TLanes.Fill(byte.MaxValue);
        (TVector b, TVector c, TVector d, TVector e, TVector f, TVector g, TVector h) = (a, a, a, a, a, a, a);
        for (int branch = 0; branch < _branches; branch++)
        {
            TVector left = TLanes.NotAbove(TLanes.Lookup(in table, test), Unsafe.Add(ref test, 1));
            a = TLanes.AndEither(a, left, Unsafe.Add(ref test, 2));
            b = TLanes.AndEither(b, left, Unsafe.Add(ref test, 3));
            c = TLanes.AndEither(c, left, Unsafe.Add(ref test, 4));
            d = TLanes.AndEither(d, left, Unsafe.Add(ref test, 5));
            e = TLanes.AndEither(e, left, Unsafe.Add(ref test, 6));
            f = _planes > 5 ? TLanes.AndEither(f, left, Unsafe.Add(ref test, 7)) : f;
            g = _planes > 6 ? TLanes.AndEither(g, left, Unsafe.Add(ref test, 8)) : g;
            h = _planes > 7 ? TLanes.AndEither(h, left, Unsafe.Add(ref test, 9)) : h;
            test = ref Unsafe.Add(ref test, VectorsPerBranch);
        }

        TVector upper = First(e, 32, First(f, 40, First(g, 48, First(h, 56, TLanes.Fill(0)))));
        return First(a, 0, First(b, 8, First(c, 16, First(d, 24, upper))));
    }

    /// <summary>The first leaf of a plane, or what the planes behind it say where none stays.</summary>
    private static TVector First(TVector plane, byte offset, TVector behind) =>
        TLanes.Select(TLanes.IsZero(plane), behind, TLanes.Add(TLanes.LowestBit(plane), TLanes.Fill(offset)));
}
