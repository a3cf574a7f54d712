namespace Shared.Contracts.Onnx.Trees;

/// <summary>Checks that branches make trees of bounded size. Two branches of a tree may lead to the same node, as converters of set splits
/// write it; what counts is the tree that comes of it where every path has nodes of its own, which is how ONNX Runtime loads some files.</summary>
internal sealed class TreeShape
{
    /// <summary>ONNX Runtime builds trees by recursion; a long chain of nodes would overflow its stack.</summary>
    public const int MaxDepth = 512;

    /// <summary>How large trees may become by copies, as a multiple of the file's nodes, or in nodes where the file has few.</summary>
    private const int MaxGrowth = 8;
    private const int MaxSmall = 1_000_000;

    private readonly SplitNode[] _nodes;
    private readonly int _leaves;
    private readonly int[] _lengths;

    // Per node, leaves after branches: 0 where it was not reached; else the levels below it plus 1, and the nodes that it makes.
    private readonly int[] _levels;
    private readonly long[] _sizes;

    private TreeShape(SplitNode[] nodes, int leaves, int[] lengths)
    {
        (_nodes, _leaves, _lengths) = (nodes, leaves, lengths);
        _levels = new int[nodes.Length + leaves];
        _sizes = new long[nodes.Length + leaves];
    }

    /// <param name="nodes">The branches; a child below 0 is a leaf.</param>
    /// <param name="roots">Branches, or ~leaf. No branch leads to a root.</param>
    /// <param name="leaves">How many leaves are nodes themselves and have to be reached, too; 0 where they are not.</param>
    /// <param name="lengths">Per branch, the number of comparisons that it stands for; empty where that is 1 for all.</param>
    public static string? FindError(SplitNode[] nodes, IReadOnlyList<int> roots, int leaves, int[] lengths)
    {
        TreeShape shape = new(nodes, leaves, lengths);
        bool[] isRoot = new bool[nodes.Length + leaves];
        long total = 0;
        long limit = Math.Max(MaxSmall, (long)MaxGrowth * isRoot.Length);
        foreach (int root in roots)
        {
            if (shape.IndexOf(root) is { } index)
            {
                // A node that an earlier tree reached would belong to two trees.
                if (shape._levels[index] != 0)
                {
                    return "a node is reached from two trees";
                }

                if (shape.Measure(root, isRoot) is { } error)
                {
                    return error;
                }

                isRoot[index] = true;
                total += shape._sizes[index];
            }

            if (total > limit)
            {
                return $"branches that share nodes make more than {limit} nodes";
            }
        }

        int missing = shape._levels.Count(levels => levels == 0);
        return missing == 0 ? null : $"{missing} nodes that no root leads to";
    }

    // Depth first without recursion: a node that is entered a second time before it is left is on a cycle.
    private string? Measure(int root, bool[] isRoot)
    {
        const int Entered = -1;
        Stack<int> open = new([root]);
        while (open.TryPeek(out int at))
        {
            int index = IndexOf(at)!.Value;
            if (_levels[index] > 0)
            {
                open.Pop();
                continue;
            }

            if (at < 0)
            {
                (_levels[index], _sizes[index]) = (1, 1);
                continue;
            }

            (int whenTrue, int whenFalse) = (_nodes[at].WhenTrue, _nodes[at].WhenFalse);
            if (_levels[index] == 0)
            {
                _levels[index] = Entered;
                foreach (int child in (ReadOnlySpan<int>)[whenTrue, whenFalse])
                {
                    if (IndexOf(child) is { } below && (_levels[below] == Entered || isRoot[below]))
                    {
                        return isRoot[below] ? "a node is reached from two trees" : "a branch leads back to itself";
                    }

                    if (IndexOf(child) is { } next && _levels[next] == 0)
                    {
                        open.Push(child);
                    }
                }

                continue;
            }

            open.Pop();
            int length = _lengths.Length == 0 ? 1 : _lengths[at];
            _levels[index] = Math.Max(Levels(whenTrue), Levels(whenFalse)) + length;
            _sizes[index] = Math.Min(long.MaxValue / 4, (length * (1 + Size(whenTrue))) + Size(whenFalse));
            if (_levels[index] > MaxDepth + 1 || _sizes[index] > int.MaxValue)
            {
                return _levels[index] > MaxDepth + 1 ? $"more than {MaxDepth} levels" : "branches that share nodes make too large a tree";
            }
        }

        return null;
    }

    // Null for a leaf that is no node.
    private int? IndexOf(int node) => node >= 0 ? node : _leaves > 0 ? _nodes.Length + ~node : null;

    private int Levels(int node) => IndexOf(node) is { } index ? _levels[index] : 1;

    private long Size(int node) => IndexOf(node) is { } index ? _sizes[index] : 1;
}
