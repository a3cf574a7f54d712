using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>For any forest on any processor: compares the values themselves, and lets eight trees take their steps in turn, so
/// that their waits for memory overlap.</summary>
internal sealed class InterleavedKernel : BlockKernel
{
    private const int Abreast = 8;
    private const int StepsUnasked = 2;
    private readonly Node[] _nodes;
    private readonly int[] _places;
    private readonly bool _hasOddThresholds;

    // Positions by the length of their ways, eight to a group (the last one repeated), and the steps that each group takes.
    private readonly int[] _positions;
    private readonly int[] _roots;
    private readonly int[] _steps;

    public InterleavedKernel(TreeForest forest)
        : this(forest, LeafSums.Packed(forest, out int[][] placeOf), placeOf)
    {
    }

    private InterleavedKernel(TreeForest forest, LeafSums sums, int[][] placeOf)
        : base(forest, sums)
    {
        _hasOddThresholds = forest.Trees.Any(t => t.Threshold.Any(float.IsNaN));
        List<Node> nodes = [];
        List<int> places = [];
        int[] roots = new int[forest.Trees.Count];
        for (int position = 0; position < roots.Length; position++)
        {
            roots[position] = nodes.Count;
            Lay(forest.Trees[Sums.Order[position]], placeOf[position], nodes, places);
        }

        int[] depths = [.. Sums.Order.Select(t => CompleteTree.DepthOf(forest.Trees[t]))];
        int[][] groups = [.. Enumerable.Range(0, depths.Length).OrderBy(p => depths[p]).Chunk(Abreast)];
        _nodes = [.. nodes];
        _places = [.. places];
        _steps = [.. groups.Select(g => g.Max(p => depths[p]))];
        _positions = [.. groups.SelectMany(g => g.Concat(Enumerable.Repeat(g[^1], Abreast - g.Length)))];
        _roots = [.. _positions.Select(p => roots[p])];
    }

    public override string Name => "interleaved";

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void AddBlock(ReadOnlySpan<float> rows, Span<float> scores)
    {
        int count = rows.Length / FeatureCount;
        int trees = Sums.Order.Length;
        Span<int> leaves = stackalloc int[count * trees];
        bool plain = !_hasOddThresholds && !Missing.IsIn(rows);
        for (int group = 0; group < _steps.Length; group++)
        {
            for (int row = 0; row < count; row++)
            {
                ref float values = ref MemoryMarshal.GetReference(rows.Slice(row * FeatureCount, FeatureCount));
                if (plain)
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
        ReadOnlySpan<int> at = _roots.AsSpan(group * Abreast, Abreast);
        (int a, int b, int c, int d, int e, int f, int g, int h) = (at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]);
        long before = -1;
        for (int step = _steps[group]; step > 0; step--)
        {
            // As in NodeWalkKernel: children have greater numbers, and where no sum changed, all are at leaves.
            if (step % StepsUnasked == 0)
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
        for (int i = 0; i < Abreast; i++)
        {
            leaves[_positions[(group * Abreast) + i]] = _places[ends[i]];
        }
    }

    // The right child stands behind the left one. A leaf leads to itself whatever the value is: not even NaN goes right there.
    private static void Lay(ForestTree tree, int[] placeOf, List<Node> nodes, List<int> places)
    {
        Queue<int> open = new([tree.Root]);
        int children = nodes.Count + 1;
        while (open.TryDequeue(out int at))
        {
            places.Add(at < 0 ? placeOf[~at] : -1);
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

    /// <summary>For rows and thresholds without NaN. Booleans as numbers, since a branch would be guessed wrong half of the time.</summary>
    private readonly struct Present : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Next(ref readonly Node node, ref float row) =>
            node.Left + Unsafe.BitCast<bool, byte>(Unsafe.Add(ref row, node.Feature) > node.Threshold);
    }

    /// <summary>For all rows. No number is at most NaN, so all go right there.</summary>
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
