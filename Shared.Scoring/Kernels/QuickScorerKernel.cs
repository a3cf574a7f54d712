using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>For trees of few leaves at any depth, as leaf-wise growth makes them (QuickScorer, Lucchese et al. 2015). It tests all
/// branches of a tree, in any order. A branch that sends the row right masks out the leaves on its left; the leftmost leaf that remains is
/// the row's. A mask is a few vectors: one byte per tree holds the bits of eight leaves.</summary>
internal sealed class QuickScorerKernel<TLanes, TVector, TTable> : ForestKernel
    where TLanes : ILanes<TVector, TTable>
    where TVector : unmanaged
    where TTable : struct
{
    private const int MaxLeaves = 64;
    private const int LeavesPerByte = 8;
    private readonly RankEncoder _encoder;
    private readonly LeafSums _sums;
    private readonly int _maskBytes;
    private readonly int _branches;

    // Per group and branch: rank indexes, thresholds, and the bytes of the masks that apply when the branch goes right.
    private readonly TVector[] _tests;

    private QuickScorerKernel(TreeForest forest, RankEncoder encoder, int leaves)
        : base(forest)
    {
        _encoder = encoder;
        _maskBytes = (leaves + LeavesPerByte - 1) / LeavesPerByte;
        _branches = forest.Trees.Max(t => t.Feature.Length);
        LeafBitmasks[] bitmasks = [.. forest.Trees.Select(t => new LeafBitmasks(t))];
        _sums = LeafSums.CreateStrided(
            forest, _maskBytes * LeavesPerByte, (tree, slot) => slot < bitmasks[tree].Leaves.Count ? bitmasks[tree].Leaves[slot] : -1);
        int groups = (forest.Trees.Count + Width - 1) / Width;
        _tests = new TVector[groups * _branches * VectorsPerBranch];
        Span<byte> bytes = MemoryMarshal.AsBytes(_tests.AsSpan());
        for (int at = 0; at < groups * Width * _branches; at++)
        {
            (int position, int branch) = (at / _branches, at % _branches);
            Span<byte> test = bytes[(((((position / Width) * _branches) + branch) * VectorsPerBranch * Width) + (position % Width))..];
            bool exists = position < forest.Trees.Count && branch < forest.Trees[_sums.Order[position]].Feature.Length;
            (byte rankIndex, sbyte maxLeftRank) =
                exists ? encoder.FindSplit(forest.Trees[_sums.Order[position]], branch) : ((byte)0, sbyte.MaxValue);
            ulong mask = exists ? bitmasks[_sums.Order[position]].GetMaskWhenRight(branch) : ulong.MaxValue;
            test[0] = rankIndex;
            test[Width] = (byte)maxLeftRank;
            for (int i = 0; i < _maskBytes; i++)
            {
                test[(2 + i) * Width] = (byte)(mask >> (LeavesPerByte * i));
            }
        }
    }

    public override string Name => $"quickscorer-{TLanes.Name}";

    private static int Width => Unsafe.SizeOf<TVector>();

    private int VectorsPerBranch => 2 + _maskBytes;

    /// <returns>Null where the processor, the number of leaves or the number of ranks does not allow it.</returns>
    public static ForestKernel? TryCreate(ForestShape shape) =>
        TLanes.IsSupported && shape.MaxLeaves is > 1 and <= MaxLeaves && shape.FindEncoder(TLanes.MaxRanks) is { } encoder
            ? new QuickScorerKernel<TLanes, TVector, TTable>(shape.Forest, encoder, shape.MaxLeaves)
            : null;

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddTo(ReadOnlySpan<float> row, Span<float> scores)
    {
        Span<sbyte> ranks = stackalloc sbyte[TLanes.MaxRanks];
        _encoder.Encode(row, ranks);
        TTable table = TLanes.LoadTable(ref MemoryMarshal.GetReference(ranks));
        Span<TVector> leaves = stackalloc TVector[(_sums.Order.Length + Width - 1) / Width];
        ref TVector tests = ref MemoryMarshal.GetArrayDataReference(_tests);
        for (int group = 0; group < leaves.Length; group++)
        {
            leaves[group] = _maskBytes <= 4 ? FindLeavesOf32(in table, ref tests) : FindLeavesOf64(in table, ref tests);
            tests = ref Unsafe.Add(ref tests, _branches * VectorsPerBranch);
        }

        _sums.Add<byte>(MemoryMarshal.AsBytes(leaves), scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TVector FindLeavesOf32(in TTable table, ref TVector test)
    {
        TVector a = TLanes.Create(byte.MaxValue);
        (TVector b, TVector c, TVector d) = (a, a, a);
        for (int branch = 0; branch < _branches; branch++)
        {
            TVector left = TLanes.LessThanOrEqual(TLanes.Lookup(in table, test), Unsafe.Add(ref test, 1));
            a = TLanes.AndEither(a, left, Unsafe.Add(ref test, 2));
            b = _maskBytes > 1 ? TLanes.AndEither(b, left, Unsafe.Add(ref test, 3)) : b;
            c = _maskBytes > 2 ? TLanes.AndEither(c, left, Unsafe.Add(ref test, 4)) : c;
            d = _maskBytes > 3 ? TLanes.AndEither(d, left, Unsafe.Add(ref test, 5)) : d;
            test = ref Unsafe.Add(ref test, VectorsPerBranch);
        }

        return FindFirst(a, 0, FindFirst(b, 8, FindFirst(c, 16, FindFirst(d, 24, TLanes.Create(0)))));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TVector FindLeavesOf64(in TTable table, ref TVector test)
    {
        TVector a = TLanes.Create(byte.MaxValue);
        (TVector b, TVector c, TVector d, TVector e, TVector f, TVector g, TVector h) = (a, a, a, a, a, a, a);
        for (int branch = 0; branch < _branches; branch++)
        {
            TVector left = TLanes.LessThanOrEqual(TLanes.Lookup(in table, test), Unsafe.Add(ref test, 1));
            a = TLanes.AndEither(a, left, Unsafe.Add(ref test, 2));
            b = TLanes.AndEither(b, left, Unsafe.Add(ref test, 3));
            c = TLanes.AndEither(c, left, Unsafe.Add(ref test, 4));
            d = TLanes.AndEither(d, left, Unsafe.Add(ref test, 5));
            e = TLanes.AndEither(e, left, Unsafe.Add(ref test, 6));
            f = _maskBytes > 5 ? TLanes.AndEither(f, left, Unsafe.Add(ref test, 7)) : f;
            g = _maskBytes > 6 ? TLanes.AndEither(g, left, Unsafe.Add(ref test, 8)) : g;
            h = _maskBytes > 7 ? TLanes.AndEither(h, left, Unsafe.Add(ref test, 9)) : h;
            test = ref Unsafe.Add(ref test, VectorsPerBranch);
        }

        TVector upper = FindFirst(e, 32, FindFirst(f, 40, FindFirst(g, 48, FindFirst(h, 56, TLanes.Create(0)))));
        return FindFirst(a, 0, FindFirst(b, 8, FindFirst(c, 16, FindFirst(d, 24, upper))));
    }

    /// <summary>The first leaf of a mask byte; where no bit remains, the result of the bytes after it.</summary>
    /// <remarks>Inlined with all that it calls: a call would have the vectors of the loop before it live in memory.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector FindFirst(TVector mask, byte offset, TVector following) =>
        TLanes.Select(TLanes.IsZero(mask), following, TLanes.Add(TLanes.TrailingZeroCount(mask), TLanes.Create(offset)));
}
