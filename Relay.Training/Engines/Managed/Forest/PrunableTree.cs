using Relay.Training.Engines.Common;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>A grown tree of a forest that gives smaller ones: those that keep the splits that gain most. A split is kept with all above it, so the
/// order of keeping is that of growing best-first.</summary>
/// <param name="full">The tree with all splits.</param>
/// <param name="columns">Per node, the binned column of its split; -1 for a leaf.</param>
/// <param name="gains">Per node, what its split gains.</param>
/// <param name="values">Per node, what it would answer as a leaf of a forest of one tree.</param>
/// <param name="weights">Per node, what its rows weigh.</param>
/// <param name="slots">Values of a node.</param>
internal sealed class PrunableTree(Tree full, int[] columns, double[] gains, double[] values, long[] weights, int slots)
{
    // The arrays of the tree, and the column, gain, weight and rank of a node.
    private const int FixedNodeBytes = 17 + 24;

    private readonly int[] _ranks = Rank(full, slots == 1 ? gains : RankedGains.Compute(full, values, weights, slots));

    /// <summary>Leaves with all splits.</summary>
    public int LeafCount => (full.NodeCount + 1) / 2;

    /// <summary>Nodes with all splits.</summary>
    public int NodeCount => full.NodeCount;

    /// <summary>What the tree takes in memory.</summary>
    public long Bytes => ((long)full.NodeCount * (FixedNodeBytes + (sizeof(double) * slots))) + ((long)full.LeafValues.Length * sizeof(float));

    /// <summary>Walks a row down and stops at each number of leaves.</summary>
    /// <param name="leaves">Rising.</param>
    /// <param name="nodes">Per number of leaves, the node that answers.</param>
    public void Find(ReadOnlySpan<float> row, ReadOnlySpan<int> leaves, Span<int> nodes)
    {
        int node = 0;
        for (int i = 0; i < leaves.Length; i++)
        {
            while (_ranks[node] < leaves[i] - 1)
            {
                float value = row[full.Feature[node]];
                bool left = value <= full.Threshold[node] || (full.MissingLeft[node] && float.IsNaN(value));
                node = left ? full.Left[node] : full.Right[node];
            }

            nodes[i] = node;
        }
    }

    /// <summary>What a node answers as a leaf of a forest of one tree.</summary>
    public ReadOnlySpan<double> Values(int node) => values.AsSpan(node * slots, slots);

    /// <summary>The tree with a number of leaves at most.</summary>
    /// <param name="trees">Trees of the forest, whose answers add up to a mean.</param>
    /// <param name="kept">Takes per binned column what the kept splits gain; null to leave it out.</param>
    public Tree Prune(int leaves, int trees, double[]? kept)
    {
        TreeBuilder pruned = new(full.Output, slots);
        float[] leaf = new float[slots];
        Add(0);
        return pruned.Build();

        void Add(int node)
        {
            if (_ranks[node] >= leaves - 1)
            {
                for (int k = 0; k < slots; k++)
                {
                    leaf[k] = (float)(values[(node * slots) + k] / trees);
                }

                pruned.AddLeaf(leaf);
                return;
            }

            if (kept is not null)
            {
                kept[columns[node]] += gains[node];
            }

            int at = pruned.AddSplit(full.Feature[node], full.Threshold[node], full.MissingLeft[node]);
            Add(full.Left[node]);
            pruned.SetRight(at);
            Add(full.Right[node]);
        }
    }

    // Per split the number of those that are kept before it; for a leaf more than there are.
    private static int[] Rank(Tree tree, double[] gains)
    {
        int[] ranks = new int[tree.NodeCount];
        ranks.AsSpan().Fill(int.MaxValue);
        PriorityQueue<int, (double Loss, int Node)> open = new();
        Open(0);
        for (int rank = 0; open.TryDequeue(out int node, out _); rank++)
        {
            ranks[node] = rank;
            Open(tree.Left[node]);
            Open(tree.Right[node]);
        }

        return ranks;

        void Open(int node)
        {
            if (tree.Feature[node] >= 0)
            {
                open.Enqueue(node, (-gains[node], node));
            }
        }
    }
}
