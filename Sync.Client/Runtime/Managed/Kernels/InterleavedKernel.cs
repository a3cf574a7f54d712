using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sync.Client.Runtime.Managed.Kernels;

/// <summary>For any forest on any processor: compares the values themselves, and lets four trees take their steps in turn, so
/// that their waits for memory overlap.</summary>
internal sealed class InterleavedKernel : ForestKernel
{
    private const int Abreast = 4;
    private readonly LeafSums _sums;
    private readonly Node[] _nodes;

    // Positions by the length of their ways, four to a group (the last one repeated), and the steps that each group takes.
    private readonly int[] _positions;
    private readonly int[] _roots;
    private readonly int[] _steps;

    public InterleavedKernel(TreeForest forest)
        : base(forest)
    {
        _sums = LeafSums.Packed(forest, out int[] firstPlaces);
        List<Node> nodes = [];
        int[] roots = new int[forest.Trees.Count];
        for (int position = 0; position < roots.Length; position++)
        {
            roots[position] = nodes.Count;
            Lay(forest.Trees[_sums.Order[position]], firstPlaces[position], nodes);
        }

        int[] depths = [.. _sums.Order.Select(t => CompleteTree.DepthOf(forest.Trees[t]))];
        int[][] groups = [.. Enumerable.Range(0, depths.Length).OrderBy(p => depths[p]).Chunk(Abreast)];
        _nodes = [.. nodes];
        _steps = [.. groups.Select(g => g.Max(p => depths[p]))];
        _positions = [.. groups.SelectMany(g => g.Concat(Enumerable.Repeat(g[^1], Abreast - g.Length)))];
        _roots = [.. _positions.Select(p => roots[p])];
    }

    public override string Name => "interleaved";

    [SkipLocalsInit]
    public override void AddTo(ReadOnlySpan<float> row, Span<float> scores)
    {
        row = row[..FeatureCount];
        Span<int> leaves = stackalloc int[_sums.Order.Length];
        ref float values = ref MemoryMarshal.GetReference(row);
        ref Node nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        for (int group = 0; group < _steps.Length; group++)
        {
            int first = group * Abreast;
            (int a, int b, int c, int d) = (_roots[first], _roots[first + 1], _roots[first + 2], _roots[first + 3]);
            for (int step = _steps[group]; step > 0; step--)
            {
                a = Step(ref nodes, a, ref values);
                b = Step(ref nodes, b, ref values);
                c = Step(ref nodes, c, ref values);
                d = Step(ref nodes, d, ref values);
            }

            leaves[_positions[first]] = _nodes[a].Place;
            leaves[_positions[first + 1]] = _nodes[b].Place;
            leaves[_positions[first + 2]] = _nodes[c].Place;
            leaves[_positions[first + 3]] = _nodes[d].Place;
        }

        _sums.Add<int>(leaves, scores);
    }

    // The right child stands behind the left one. A leaf leads to itself whatever the value is: not even NaN goes right there.
    private static void Lay(ForestTree tree, int firstPlace, List<Node> nodes)
    {
        Queue<int> open = new([tree.Root]);
        int children = nodes.Count + 1;
        while (open.TryDequeue(out int at))
        {
            if (at < 0)
            {
                nodes.Add(new Node(float.PositiveInfinity, nodes.Count, 0, 0, firstPlace + ~at));
                continue;
            }

            nodes.Add(new Node(tree.Threshold[at], children, tree.Feature[at], tree.MissingLeft[at] ? 0 : 1, -1));
            open.Enqueue(tree.Left[at]);
            open.Enqueue(tree.Right[at]);
            children += 2;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step(ref Node nodes, int at, ref float row)
    {
        ref Node node = ref Unsafe.Add(ref nodes, at);
        float value = Unsafe.Add(ref row, node.Feature);

        // Booleans as numbers, since a branch would be guessed wrong half of the time.
        int above = Unsafe.BitCast<bool, byte>(value > node.Threshold) | Unsafe.BitCast<bool, byte>(float.IsNaN(node.Threshold));
        int missing = Unsafe.BitCast<bool, byte>(float.IsNaN(value));
        return node.Left + ((above & (missing ^ 1)) | (missing & node.MissingRight));
    }

    private readonly record struct Node(float Threshold, int Left, int Feature, int MissingRight, int Place);
}
