using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>Trees as small nodes that compare the ranks of a row. A leaf is its own child, so that extra steps change nothing; children
/// have greater numbers than their parents.</summary>
internal sealed class PackedTrees
{
    /// <summary>The rank index of leaves; the rank there is always the minimum.</summary>
    public const byte LeafRankIndex = 255;

    /// <summary>The maximum number of nodes of one tree.</summary>
    private const int MaxNodes = 1 << 16;
    private readonly List<PackedNode> _nodes = [];
    private readonly List<int> _slots = [];
    private readonly Dictionary<int, int>[] _nodeOf;

    /// <param name="trees">In the order of the kernel's positions.</param>
    /// <param name="slotOf">Per position and leaf, its slot in <see cref="LeafSums"/>.</param>
    public PackedTrees(ForestTree[] trees, RankEncoder encoder, int[][] slotOf)
    {
        Starts = new int[trees.Length];
        _nodeOf = [.. trees.Select(_ => new Dictionary<int, int>())];
        for (int position = 0; position < trees.Length; position++)
        {
            Starts[position] = _nodes.Count;
            Pack(trees[position], encoder, position, slotOf[position]);
        }

        Nodes = [.. _nodes];
        LeafSlots = [.. _slots];
    }

    public PackedNode[] Nodes { get; }

    /// <summary>Per node, the slot of its leaf; -1 for a branch.</summary>
    public int[] LeafSlots { get; }

    /// <summary>Per position, the root of its tree; child numbers are relative to it.</summary>
    public int[] Starts { get; }

    public static bool Fits(ForestTree tree) => (2 * tree.Feature.Length) + 1 <= MaxNodes;

    /// <summary>Returns the node, within its tree, of a branch or ~leaf.</summary>
    public int FindNode(int position, int branchOrLeaf) => _nodeOf[position][branchOrLeaf];

    // Breadth first: children are adjacent, and so are the nodes that most rows visit.
    private void Pack(ForestTree tree, RankEncoder encoder, int position, int[] slotOf)
    {
        Queue<int> open = new([tree.Root]);
        int children = 1;
        while (open.TryDequeue(out int at))
        {
            int node = _nodes.Count - Starts[position];
            _nodeOf[position][at] = node;
            if (at < 0)
            {
                Add(node, LeafRankIndex, sbyte.MinValue, slotOf[~at]);
                continue;
            }

            (byte rankIndex, sbyte maxLeftRank) = encoder.FindSplit(tree, at);
            Add(children, rankIndex, maxLeftRank, -1);
            open.Enqueue(tree.Left[at]);
            open.Enqueue(tree.Right[at]);
            children += 2;
        }
    }

    private void Add(int child, byte rankIndex, sbyte maxLeftRank, int slot)
    {
        _nodes.Add(new PackedNode((ushort)child, rankIndex, maxLeftRank));
        _slots.Add(slot);
    }
}
