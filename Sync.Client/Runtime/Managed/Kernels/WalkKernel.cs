using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sync.Client.Runtime.Managed.Kernels;

/// <summary>For trees of any shape: eight at a time walk down <see cref="PackedTrees"/> without a branch, so that the waits for
/// memory overlap. Where <see cref="TreeLevels"/> run on this processor they take the first levels.</summary>
internal sealed class WalkKernel : BlockKernel
{
    private const int Abreast = 8;
    private const int CodeStride = PackedTrees.LeafCode + 1;
    private readonly CodeTable _codes;
    private readonly PackedTrees _packed;
    private readonly TreeLevels? _levels;

    // Per position and place that the levels end at, the node where the walk goes on.
    private readonly int[] _entries;
    private readonly int _entriesPerTree;

    // Positions by the length of their ways, eight to a group (the last one repeated), and the steps that each group takes.
    private readonly int[] _positions;
    private readonly int[] _steps;

    private WalkKernel(ForestShape shape, CodeTable codes, LeafSums sums, int[] firstPlaces, int top, MakeLevels makeLevels)
        : base(shape.Forest, sums)
    {
        TreeForest forest = shape.Forest;
        ForestTree[] trees = [.. sums.Order.Select(t => forest.Trees[t])];
        CompleteTree[] complete = [.. forest.Trees.Select(t => new CompleteTree(t, top))];
        (_codes, _packed, _levels) = (codes, new PackedTrees(trees, codes, firstPlaces), makeLevels(codes, sums.Order, complete));
        _entriesPerTree = 1 << top;
        _entries = new int[trees.Length << top];
        for (int at = 0; at < _entries.Length; at++)
        {
            _entries[at] = _packed.NodeOf(at >> top, complete[sums.Order[at >> top]].Ends[at & (_entriesPerTree - 1)]);
        }

        int[] steps = [.. sums.Order.Select(t => Math.Max(0, shape.Depths[t] - top))];
        int[][] groups = [.. Enumerable.Range(0, steps.Length).OrderBy(p => steps[p]).Chunk(Abreast)];
        _steps = [.. groups.Select(g => g.Max(p => steps[p]))];
        _positions = [.. groups.SelectMany(g => g.Concat(Enumerable.Repeat(g[^1], Abreast - g.Length)))];
    }

    private delegate TreeLevels? MakeLevels(CodeTable codes, int[] order, CompleteTree[] complete);

    public override string Name => _levels is null ? "walk" : $"walk-{_levels.Name}";

    /// <returns>Null where the codes or the size of a tree do not allow it.</returns>
    public static ForestKernel? TryCreate(ForestShape shape) => TryCreate(shape, PackedTrees.LeafCode, 0, (_, _, _) => null);

    /// <summary>The same with the first levels side by side.</summary>
    public static ForestKernel? TryCreate<TLanes, TVector, TTable>(ForestShape shape)
        where TLanes : ILanes<TVector, TTable>
        where TVector : unmanaged
        where TTable : struct =>
        TLanes.IsSupported && shape.MaxDepth > TreeLevels.MaxDepth
            ? TryCreate(
                shape, TLanes.MaxCodes, TreeLevels.MaxDepth,
                (codes, order, complete) => new TreeLevels<TLanes, TVector, TTable>(shape.Forest, codes, order, complete, TreeLevels.MaxDepth))
            : null;

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void AddBlock(ReadOnlySpan<float> rows, Span<float> scores)
    {
        int count = rows.Length / FeatureCount;
        int trees = Sums.Order.Length;
        int places = _levels?.Places ?? trees;
        Span<sbyte> codes = stackalloc sbyte[count * CodeStride];
        Span<byte> ends = stackalloc byte[count * places];
        Span<int> leaves = stackalloc int[count * trees];
        if (_levels is null)
        {
            ends.Clear();
        }

        for (int row = 0; row < count; row++)
        {
            Span<sbyte> own = codes.Slice(row * CodeStride, CodeStride);
            _codes.Encode(rows.Slice(row * FeatureCount, FeatureCount), own);
            own[PackedTrees.LeafCode] = sbyte.MinValue;
            _levels?.Run(own, ends.Slice(row * places, places));
        }

        for (int group = 0; group < _steps.Length; group++)
        {
            ReadOnlySpan<int> positions = _positions.AsSpan(group * Abreast, Abreast);
            for (int row = 0; row < count; row++)
            {
                Walk(
                    positions, _steps[group], codes.Slice(row * CodeStride, CodeStride), ends.Slice(row * places, places),
                    leaves.Slice(row * trees, trees));
            }
        }

        Add(leaves, scores);
    }

    private static ForestKernel? TryCreate(ForestShape shape, int maxCodes, int top, MakeLevels levels) =>
        shape.Forest.Trees.All(PackedTrees.Fits) && shape.Codes(maxCodes) is { } codes
            ? new WalkKernel(shape, codes, LeafSums.Packed(shape.Forest, out int[] firstPlaces), firstPlaces, top, levels)
            : null;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(ReadOnlySpan<int> positions, int steps, Span<sbyte> codes, ReadOnlySpan<byte> ends, Span<int> leaves)
    {
        ref sbyte code = ref MemoryMarshal.GetReference(codes);
        ref uint nodes = ref MemoryMarshal.GetArrayDataReference(_packed.Nodes);
        Span<nint> trees = stackalloc nint[Abreast];
        Span<nint> at = stackalloc nint[Abreast];
        for (int i = 0; i < Abreast; i++)
        {
            trees[i] = _packed.Starts[positions[i]];
            at[i] = _entries[(positions[i] * _entriesPerTree) + ends[positions[i]]];
        }

        (nint a, nint b, nint c, nint d, nint e, nint f, nint g, nint h) = (at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]);
        for (; steps > 0; steps--)
        {
            a = Step(ref Unsafe.Add(ref nodes, trees[0]), a, ref code);
            b = Step(ref Unsafe.Add(ref nodes, trees[1]), b, ref code);
            c = Step(ref Unsafe.Add(ref nodes, trees[2]), c, ref code);
            d = Step(ref Unsafe.Add(ref nodes, trees[3]), d, ref code);
            e = Step(ref Unsafe.Add(ref nodes, trees[4]), e, ref code);
            f = Step(ref Unsafe.Add(ref nodes, trees[5]), f, ref code);
            g = Step(ref Unsafe.Add(ref nodes, trees[6]), g, ref code);
            h = Step(ref Unsafe.Add(ref nodes, trees[7]), h, ref code);
        }

        (at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]) = (a, b, c, d, e, f, g, h);
        for (int i = 0; i < Abreast; i++)
        {
            leaves[positions[i]] = _packed.Places[trees[i] + at[i]];
        }
    }

    /// <summary>The child that a row goes to. The difference of two signed bytes is below 0 where the code is the greater one,
    /// and its sign, shifted down, is the 1 that leads to the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Step(ref uint tree, nint at, ref sbyte codes)
    {
        uint node = Unsafe.Add(ref tree, at);
        int difference = ((int)node >> 24) - Unsafe.Add(ref codes, (nint)((node >> 16) & 255));
        return (nint)((node & 0xffff) + ((uint)difference >> 31));
    }
}
