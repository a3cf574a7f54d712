using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shared.Scoring.Functions;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>For any forest on any processor: compares values without ranks, and interleaves the steps of eight trees, so that their memory
/// latencies overlap.</summary>
internal sealed class InterleavedKernel : BlockKernel
{
    private const int GroupSize = 8;
    private const int StepsPerCheck = 2;
    private readonly Node[] _nodes;
    private readonly int[] _slots;
    private readonly bool _hasNanThreshold;

    // Positions ordered by the depth of their trees, eight per group (the last position is repeated to fill a group), and the number of
    // steps of each group.
    private readonly int[] _positions;
    private readonly int[] _roots;
    private readonly int[] _steps;

    public InterleavedKernel(TreeForest forest)
        : this(forest, LeafSums.CreatePacked(forest, out int[][] slotOf), slotOf)
    {
    }

    private InterleavedKernel(TreeForest forest, LeafSums sums, int[][] slotOf)
        : base(forest, sums)
    {
        _hasNanThreshold = forest.Trees.Any(t => t.Threshold.Any(float.IsNaN));
        List<Node> nodes = [];
        List<int> slots = [];
        int[] roots = new int[forest.Trees.Count];
        for (int position = 0; position < roots.Length; position++)
        {
            roots[position] = nodes.Count;
            AddTree(forest.Trees[Sums.Order[position]], slotOf[position], nodes, slots);
        }

        int[] depths = [.. Sums.Order.Select(t => CompleteTree.ComputeDepth(forest.Trees[t]))];
        int[][] groups = [.. Enumerable.Range(0, depths.Length).OrderBy(p => depths[p]).Chunk(GroupSize)];
        _nodes = [.. nodes];
        _slots = [.. slots];
        _steps = [.. groups.Select(g => g.Max(p => depths[p]))];
        _positions = [.. groups.SelectMany(g => g.Concat(Enumerable.Repeat(g[^1], GroupSize - g.Length)))];
        _roots = [.. _positions.Select(p => roots[p])];
    }

    public override string Name => "interleaved";

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void AddBlock(ReadOnlySpan<float> rows, Span<float> scores)
    {
        int count = rows.Length / FeatureCount;
        int trees = Sums.Order.Length;
        Span<int> leaves = stackalloc int[count * trees];
        bool hasNoNan = !_hasNanThreshold && !MissingValues.AnyIn(rows);
        for (int group = 0; group < _steps.Length; group++)
        {
            for (int row = 0; row < count; row++)
            {
                ref float values = ref MemoryMarshal.GetReference(rows.Slice(row * FeatureCount, FeatureCount));
                if (hasNoNan)
                {
                    Walk<Present>(group, ref values, leaves.Slice(row * trees, trees));
                }
                else
                {
                    Walk<AnyValue>(group, ref values, leaves.Slice(row * trees, trees));
                }
            }
        }

        Add(leaves, scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk<TStep>(int group, ref float row, Span<int> leaves)
        where TStep : IStep
    {
        ref Node nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        ReadOnlySpan<int> at = _roots.AsSpan(group * GroupSize, GroupSize);
        (int a, int b, int c, int d, int e, int f, int g, int h) = (at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]);
        long before = -1;
        for (int step = _steps[group]; step > 0; step--)
        {
            // As in NodeWalkKernel: children have greater numbers, so that an unchanged sum means that all trees are at leaves.
            if (step % StepsPerCheck == 0)
            {
                long sum = (long)a + b + c + d + e + f + g + h;
                if (sum == before)
                {
                    break;
                }

                before = sum;
            }

            a = TStep.Next(ref Unsafe.Add(ref nodes, a), ref row);
            b = TStep.Next(ref Unsafe.Add(ref nodes, b), ref row);
            c = TStep.Next(ref Unsafe.Add(ref nodes, c), ref row);
            d = TStep.Next(ref Unsafe.Add(ref nodes, d), ref row);
            e = TStep.Next(ref Unsafe.Add(ref nodes, e), ref row);
            f = TStep.Next(ref Unsafe.Add(ref nodes, f), ref row);
            g = TStep.Next(ref Unsafe.Add(ref nodes, g), ref row);
            h = TStep.Next(ref Unsafe.Add(ref nodes, h), ref row);
        }

        ReadOnlySpan<int> ends = [a, b, c, d, e, f, g, h];
        for (int i = 0; i < GroupSize; i++)
        {
            leaves[_positions[(group * GroupSize) + i]] = _slots[ends[i]];
        }
    }

    // The right child follows the left one. A leaf is its own child for every value, NaN included.
    private static void AddTree(ForestTree tree, int[] slotOf, List<Node> nodes, List<int> slots)
    {
        Queue<int> open = new([tree.Root]);
        int children = nodes.Count + 1;
        while (open.TryDequeue(out int at))
        {
            slots.Add(at < 0 ? slotOf[~at] : -1);
            if (at < 0)
            {
                nodes.Add(new Node(float.PositiveInfinity, nodes.Count, 0, 0));
                continue;
            }

            nodes.Add(new Node(tree.Threshold[at], children, tree.Feature[at], tree.MissingLeft[at] ? 0 : 1));
            open.Enqueue(tree.Left[at]);
            open.Enqueue(tree.Right[at]);
            children += 2;
        }
    }

    private interface IStep
    {
        static abstract int Next(ref readonly Node node, ref float row);
    }

    private readonly record struct Node(float Threshold, int Left, int Feature, int MissingRight);

    /// <summary>For rows and thresholds without NaN. Comparisons become numbers, because a branch would be mispredicted half of the
    /// time.</summary>
    private readonly struct Present : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Next(ref readonly Node node, ref float row) =>
            node.Left + Unsafe.BitCast<bool, byte>(Unsafe.Add(ref row, node.Feature) > node.Threshold);
    }

    /// <summary>For all rows. No number is at most NaN, so every number goes right at a NaN threshold.</summary>
    private readonly struct AnyValue : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Next(ref readonly Node node, ref float row)
        {
            float value = Unsafe.Add(ref row, node.Feature);
            int above = Unsafe.BitCast<bool, byte>(value > node.Threshold) | Unsafe.BitCast<bool, byte>(float.IsNaN(node.Threshold));
            int missing = Unsafe.BitCast<bool, byte>(float.IsNaN(value));
            return node.Left + ((above & (missing ^ 1)) | (missing & node.MissingRight));
        }
    }
}
