using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>For trees of any shape: walks eight trees of <see cref="PackedTrees"/> at a time without branches, so that their memory
/// latencies overlap. Where the processor supports <see cref="TreeLevels"/>, those walk the upper levels.</summary>
internal sealed class NodeWalkKernel : BlockKernel
{
    private const int GroupSize = 8;
    private const int RankStride = PackedTrees.LeafRankIndex + 1;
    private const int StepsPerCheck = 2;
    private readonly RankEncoder _encoder;
    private readonly PackedTrees _packed;
    private readonly TreeLevels? _levels;

    // Trees are ordered by depth, eight per group (the last one is repeated to fill a group), so that the trees of a group need about the
    // same number of steps. Per entry of a group: the position of its tree in LeafSums, the first node of its tree, and per path through
    // the upper levels the node where the walk continues. Per group: its number of steps.
    private readonly int[] _positions;
    private readonly int[] _starts;
    private readonly int[] _entries;
    private readonly int _entriesPerTree;
    private readonly int[] _steps;

    private NodeWalkKernel(ForestShape shape, RankEncoder encoder, LeafSums sums, int[][] slotOf, int top, CreateLevels createLevels)
        : base(shape.Forest, sums)
    {
        TreeForest forest = shape.Forest;
        CompleteTree[] complete = [.. forest.Trees.Select(t => new CompleteTree(t, top))];
        int[] steps = [.. sums.Order.Select(t => Math.Max(0, shape.Depths[t] - top))];
        int[][] groups = [.. Enumerable.Range(0, steps.Length).OrderBy(p => steps[p]).Chunk(GroupSize)];
        _steps = [.. groups.Select(g => g.Max(p => steps[p]))];
        _positions = [.. groups.SelectMany(g => g.Concat(Enumerable.Repeat(g[^1], GroupSize - g.Length)))];
        int[] order = [.. _positions.Select(p => sums.Order[p])];
        _encoder = encoder;
        _packed = new PackedTrees([.. sums.Order.Select(t => forest.Trees[t])], encoder, slotOf);
        _levels = createLevels(encoder, order, complete);
        _starts = [.. _positions.Select(p => _packed.Starts[p])];
        _entriesPerTree = 1 << top;
        _entries = new int[_positions.Length << top];
        for (int at = 0; at < _entries.Length; at++)
        {
            int entry = at >> top;
            _entries[at] = _packed.FindNode(_positions[entry], complete[order[entry]].Ends[at & (_entriesPerTree - 1)]);
        }
    }

    private delegate TreeLevels? CreateLevels(RankEncoder encoder, int[] order, CompleteTree[] complete);

    public override string Name => _levels is null ? "node-walk" : $"node-walk-{_levels.Name}";

    /// <returns>Null where the number of ranks or the size of a tree does not allow it.</returns>
    public static ForestKernel? TryCreate(ForestShape shape) => TryCreate(shape, PackedTrees.LeafRankIndex, 0, (_, _, _) => null);

    /// <summary>Creates the kernel with <see cref="TreeLevels"/> for the upper levels.</summary>
    public static ForestKernel? TryCreate<TLanes, TVector, TTable>(ForestShape shape)
        where TLanes : ILanes<TVector, TTable>
        where TVector : unmanaged
        where TTable : struct =>
        TLanes.IsSupported && shape.MaxDepth > TreeLevels.MaxDepth
            ? TryCreate(
                shape, TLanes.MaxRanks, TreeLevels.MaxDepth,
                (encoder, order, complete) =>
                    new VectorTreeLevels<TLanes, TVector, TTable>(shape.Forest, encoder, order, complete, TreeLevels.MaxDepth))
            : null;

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void AddBlock(ReadOnlySpan<float> rows, Span<float> scores)
    {
        int count = rows.Length / FeatureCount;
        int trees = Sums.Order.Length;
        int pathCount = _levels?.PathCount ?? _positions.Length;
        Span<sbyte> ranks = stackalloc sbyte[count * RankStride];
        Span<byte> paths = stackalloc byte[count * pathCount];
        Span<int> leaves = stackalloc int[count * trees];
        if (_levels is null)
        {
            paths.Clear();
        }

        for (int row = 0; row < count; row++)
        {
            Span<sbyte> own = ranks.Slice(row * RankStride, RankStride);
            _encoder.Encode(rows.Slice(row * FeatureCount, FeatureCount), own);
            own[PackedTrees.LeafRankIndex] = sbyte.MinValue;
            _levels?.Run(own, paths.Slice(row * pathCount, pathCount));
        }

        for (int group = 0; group < _steps.Length; group++)
        {
            for (int row = 0; row < count; row++)
            {
                Walk(
                    group, ranks.Slice(row * RankStride, RankStride), paths.Slice((row * pathCount) + (group * GroupSize), GroupSize),
                    leaves.Slice(row * trees, trees));
            }
        }

        Add(leaves, scores);
    }

    private static ForestKernel? TryCreate(ForestShape shape, int maxRanks, int top, CreateLevels levels) =>
        shape.Forest.Trees.All(PackedTrees.Fits) && shape.FindEncoder(maxRanks) is { } encoder
            ? new NodeWalkKernel(shape, encoder, LeafSums.CreatePacked(shape.Forest, out int[][] slotOf), slotOf, top, levels)
            : null;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(int group, Span<sbyte> ranks, ReadOnlySpan<byte> paths, Span<int> leaves)
    {
        ref sbyte rank = ref MemoryMarshal.GetReference(ranks);
        ref PackedNode nodes = ref MemoryMarshal.GetArrayDataReference(_packed.Nodes);
        ReadOnlySpan<int> trees = _starts.AsSpan(group * GroupSize, GroupSize);
        ref int entries = ref _entries[group * GroupSize * _entriesPerTree];
        int stride = _entriesPerTree;
        nint a = Unsafe.Add(ref entries, paths[0]);
        nint b = Unsafe.Add(ref entries, stride + paths[1]);
        nint c = Unsafe.Add(ref entries, (2 * stride) + paths[2]);
        nint d = Unsafe.Add(ref entries, (3 * stride) + paths[3]);
        nint e = Unsafe.Add(ref entries, (4 * stride) + paths[4]);
        nint f = Unsafe.Add(ref entries, (5 * stride) + paths[5]);
        nint g = Unsafe.Add(ref entries, (6 * stride) + paths[6]);
        nint h = Unsafe.Add(ref entries, (7 * stride) + paths[7]);
        int steps = _steps[group];
        for (nint before = -1; steps > 0; steps--)
        {
            // Children have greater numbers than their parents, so that an unchanged sum means that all trees are at leaves. Most rows
            // reach their leaves long before the maximum depth.
            if (steps % StepsPerCheck == 0)
            {
                nint sum = a + b + c + d + e + f + g + h;
                if (sum == before)
                {
                    break;
                }

                before = sum;
            }

            a = Step(ref Unsafe.Add(ref nodes, trees[0]), a, ref rank);
            b = Step(ref Unsafe.Add(ref nodes, trees[1]), b, ref rank);
            c = Step(ref Unsafe.Add(ref nodes, trees[2]), c, ref rank);
            d = Step(ref Unsafe.Add(ref nodes, trees[3]), d, ref rank);
            e = Step(ref Unsafe.Add(ref nodes, trees[4]), e, ref rank);
            f = Step(ref Unsafe.Add(ref nodes, trees[5]), f, ref rank);
            g = Step(ref Unsafe.Add(ref nodes, trees[6]), g, ref rank);
            h = Step(ref Unsafe.Add(ref nodes, trees[7]), h, ref rank);
        }

        ReadOnlySpan<int> positions = _positions.AsSpan(group * GroupSize, GroupSize);
        ref int slots = ref MemoryMarshal.GetArrayDataReference(_packed.LeafSlots);
        leaves[positions[0]] = Unsafe.Add(ref slots, trees[0] + a);
        leaves[positions[1]] = Unsafe.Add(ref slots, trees[1] + b);
        leaves[positions[2]] = Unsafe.Add(ref slots, trees[2] + c);
        leaves[positions[3]] = Unsafe.Add(ref slots, trees[3] + d);
        leaves[positions[4]] = Unsafe.Add(ref slots, trees[4] + e);
        leaves[positions[5]] = Unsafe.Add(ref slots, trees[5] + f);
        leaves[positions[6]] = Unsafe.Add(ref slots, trees[6] + g);
        leaves[positions[7]] = Unsafe.Add(ref slots, trees[7] + h);
    }

    /// <summary>Returns the child that a row goes to. The difference of two signed bytes is negative where the rank is greater than the
    /// maximum for left; its sign bit, shifted down, is the 1 that selects the right child.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Step(ref PackedNode tree, nint at, ref sbyte ranks)
    {
        // Three loads from one cache line are cheaper than one load and three extractions.
        ref PackedNode node = ref Unsafe.Add(ref tree, at);
        int difference = node.MaxLeftRank - Unsafe.Add(ref ranks, (nint)node.RankIndex);
        return (nint)(node.Child + ((uint)difference >> 31));
    }
}
