using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>A branch or a leaf in 4 bytes.</summary>
/// <param name="Child">Number within its tree of the left child; the right one stands behind it. A leaf leads to itself.</param>
/// <param name="Code">Which code of a row the branch asks for.</param>
/// <param name="AtMost">The greatest code that goes left.</param>
internal readonly record struct PackedNode(ushort Child, byte Code, sbyte AtMost);

/// <summary>Trees as small nodes over the codes of a row. Leaves lead to themselves, so that trees of any shape take the same steps; children
/// have greater numbers than their parents.</summary>
internal sealed class PackedTrees
{
    /// <summary>The code that leaves ask for: the least one, always.</summary>
    public const byte LeafCode = 255;

    /// <summary>Most nodes of one tree.</summary>
    private const int MaxNodes = 1 << 16;
    private readonly List<PackedNode> _nodes = [];
    private readonly List<int> _places = [];
    private readonly Dictionary<int, int>[] _nodeOf;

    /// <param name="trees">In the order of the kernel's positions.</param>
    /// <param name="placeOf">Per position and leaf, its place.</param>
    public PackedTrees(ForestTree[] trees, RankEncoder codes, int[][] placeOf)
    {
        Starts = new int[trees.Length];
        _nodeOf = [.. trees.Select(_ => new Dictionary<int, int>())];
        for (int position = 0; position < trees.Length; position++)
        {
            Starts[position] = _nodes.Count;
            Pack(trees[position], codes, position, placeOf[position]);
        }

        Nodes = [.. _nodes];
        Places = [.. _places];
    }

    public PackedNode[] Nodes { get; }

    /// <summary>Per node, the place of its leaf; -1 for a branch.</summary>
    public int[] Places { get; }

    /// <summary>Per position, the root of its tree, which child numbers count from.</summary>
    public int[] Starts { get; }

    public static bool Fits(ForestTree tree) => (2 * tree.Feature.Length) + 1 <= MaxNodes;

    /// <summary>The node within its tree of a branch, or of ~leaf.</summary>
    public int NodeOf(int position, int branchOrLeaf) => _nodeOf[position][branchOrLeaf];

    // Breadth first: children stand side by side, and the nodes that most rows visit stand together.
    private void Pack(ForestTree tree, RankEncoder codes, int position, int[] placeOf)
    {
        Queue<int> open = new([tree.Root]);
        int children = 1;
        while (open.TryDequeue(out int at))
        {
            int node = _nodes.Count - Starts[position];
            _nodeOf[position][at] = node;
            if (at < 0)
            {
                Add(node, LeafCode, sbyte.MinValue, placeOf[~at]);
                continue;
            }

            (byte code, sbyte atMost) = codes.Of(tree, at);
            Add(children, code, atMost, -1);
            open.Enqueue(tree.Left[at]);
            open.Enqueue(tree.Right[at]);
            children += 2;
        }
    }

    private void Add(int child, byte code, sbyte atMost, int place)
    {
        _nodes.Add(new PackedNode((ushort)child, code, atMost));
        _places.Add(place);
    }
}
