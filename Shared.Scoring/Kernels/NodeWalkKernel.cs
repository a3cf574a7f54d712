using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>For trees of any shape: eight at a time walk down <see cref="PackedTrees"/> without a branch, so that the waits for
/// memory overlap. Where <see cref="TreeLevels"/> run on this processor they take the first levels.</summary>
internal sealed class NodeWalkKernel : BlockKernel
{
    private const int Abreast = 8;
    private const int CodeStride = PackedTrees.LeafCode + 1;
    private const int StepsUnasked = 2;
    private readonly RankEncoder _codes;
    private readonly PackedTrees _packed;
    private readonly TreeLevels? _levels;

    // Trees are laid out by the length of their ways, eight to a group (the last one repeated), so that a group's are of about the
    // same length: per place the position that its leaf is added up at, the first node of its tree, and per way through the
    // levels the node where the walk goes on. And the steps that each group takes.
    private readonly int[] _positions;
    private readonly int[] _starts;
    private readonly int[] _entries;
    private readonly int _entriesPerTree;
    private readonly int[] _steps;

    private NodeWalkKernel(ForestShape shape, RankEncoder codes, LeafSums sums, int[][] placeOf, int top, MakeLevels makeLevels)
        : base(shape.Forest, sums)
    {
        TreeForest forest = shape.Forest;
        CompleteTree[] complete = [.. forest.Trees.Select(t => new CompleteTree(t, top))];
        int[] steps = [.. sums.Order.Select(t => Math.Max(0, shape.Depths[t] - top))];
        int[][] groups = [.. Enumerable.Range(0, steps.Length).OrderBy(p => steps[p]).Chunk(Abreast)];
        _steps = [.. groups.Select(g => g.Max(p => steps[p]))];
        _positions = [.. groups.SelectMany(g => g.Concat(Enumerable.Repeat(g[^1], Abreast - g.Length)))];
        int[] order = [.. _positions.Select(p => sums.Order[p])];
        (_codes, _packed, _levels) =
            (codes, new PackedTrees([.. sums.Order.Select(t => forest.Trees[t])], codes, placeOf), makeLevels(codes, order, complete));
        _starts = [.. _positions.Select(p => _packed.Starts[p])];
        _entriesPerTree = 1 << top;
        _entries = new int[_positions.Length << top];
        for (int at = 0; at < _entries.Length; at++)
        {
            int place = at >> top;
            _entries[at] = _packed.NodeOf(_positions[place], complete[order[place]].Ends[at & (_entriesPerTree - 1)]);
        }
    }

    private delegate TreeLevels? MakeLevels(RankEncoder codes, int[] order, CompleteTree[] complete);

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
        int places = _levels?.Places ?? _positions.Length;
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
            for (int row = 0; row < count; row++)
            {
                Walk(
                    group, codes.Slice(row * CodeStride, CodeStride), ends.Slice((row * places) + (group * Abreast), Abreast),
                    leaves.Slice(row * trees, trees));
            }
        }

        Add(leaves, scores);
    }

    private static ForestKernel? TryCreate(ForestShape shape, int maxCodes, int top, MakeLevels levels) =>
        shape.Forest.Trees.All(PackedTrees.Fits) && shape.Codes(maxCodes) is { } codes
            ? new NodeWalkKernel(shape, codes, LeafSums.Packed(shape.Forest, out int[][] placeOf), placeOf, top, levels)
            : null;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(int group, Span<sbyte> codes, ReadOnlySpan<byte> ends, Span<int> leaves)
    {
        ref sbyte code = ref MemoryMarshal.GetReference(codes);
        ref PackedNode nodes = ref MemoryMarshal.GetArrayDataReference(_packed.Nodes);
        ReadOnlySpan<int> trees = _starts.AsSpan(group * Abreast, Abreast);
        ref int entries = ref _entries[group * Abreast * _entriesPerTree];
        int most = _entriesPerTree;
        nint a = Unsafe.Add(ref entries, ends[0]);
        nint b = Unsafe.Add(ref entries, most + ends[1]);
        nint c = Unsafe.Add(ref entries, (2 * most) + ends[2]);
        nint d = Unsafe.Add(ref entries, (3 * most) + ends[3]);
        nint e = Unsafe.Add(ref entries, (4 * most) + ends[4]);
        nint f = Unsafe.Add(ref entries, (5 * most) + ends[5]);
        nint g = Unsafe.Add(ref entries, (6 * most) + ends[6]);
        nint h = Unsafe.Add(ref entries, (7 * most) + ends[7]);
        int steps = _steps[group];
        for (nint before = -1; steps > 0; steps--)
        {
            // Children have greater numbers than their parents: where a step changed no sum, all are at leaves, as most are long
            // before the longest way of their trees would end.
            if (steps % StepsUnasked == 0)
            {
                nint sum = a + b + c + d + e + f + g + h;
                if (sum == before)
                {
                    break;
                }

                before = sum;
            }

            a = Step(ref Unsafe.Add(ref nodes, trees[0]), a, ref code);
            b = Step(ref Unsafe.Add(ref nodes, trees[1]), b, ref code);
            c = Step(ref Unsafe.Add(ref nodes, trees[2]), c, ref code);
            d = Step(ref Unsafe.Add(ref nodes, trees[3]), d, ref code);
            e = Step(ref Unsafe.Add(ref nodes, trees[4]), e, ref code);
            f = Step(ref Unsafe.Add(ref nodes, trees[5]), f, ref code);
            g = Step(ref Unsafe.Add(ref nodes, trees[6]), g, ref code);
            h = Step(ref Unsafe.Add(ref nodes, trees[7]), h, ref code);
        }

        ReadOnlySpan<int> positions = _positions.AsSpan(group * Abreast, Abreast);
        ref int places = ref MemoryMarshal.GetArrayDataReference(_packed.Places);
        leaves[positions[0]] = Unsafe.Add(ref places, trees[0] + a);
        leaves[positions[1]] = Unsafe.Add(ref places, trees[1] + b);
        leaves[positions[2]] = Unsafe.Add(ref places, trees[2] + c);
        leaves[positions[3]] = Unsafe.Add(ref places, trees[3] + d);
        leaves[positions[4]] = Unsafe.Add(ref places, trees[4] + e);
        leaves[positions[5]] = Unsafe.Add(ref places, trees[5] + f);
        leaves[positions[6]] = Unsafe.Add(ref places, trees[6] + g);
        leaves[positions[7]] = Unsafe.Add(ref places, trees[7] + h);
    }

    /// <summary>The child that a row goes to. The difference of two signed bytes is below 0 where the code is the greater one,
    /// and its sign, shifted down, is the 1 that leads to the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Step(ref PackedNode tree, nint at, ref sbyte codes)
    {
        // Field by field: three loads from one line are cheaper than taking one apart.
        ref PackedNode node = ref Unsafe.Add(ref tree, at);
        int difference = node.AtMost - Unsafe.Add(ref codes, (nint)node.Code);
        return (nint)(node.Child + ((uint)difference >> 31));
    }
}
