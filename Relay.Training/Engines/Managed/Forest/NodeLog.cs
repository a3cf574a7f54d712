using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>Collects, in the order of the nodes, what a tree needs to be pruned. One thread at a time uses it.</summary>
internal sealed class NodeLog
{
    private readonly List<int> _columns = [];
    private readonly List<double> _gains = [];
    private readonly List<double> _values = [];
    private readonly List<long> _weights = [];

    /// <param name="split">How the node is split; <see cref="ForestSplit.None"/> for a leaf.</param>
    public void Add(NodeSums node, double unit, ForestSplit split)
    {
        _columns.Add(split.Column);
        _gains.Add(split.Column < 0 ? 0 : Math.Max(0, split.Score - node.Score));
        _weights.Add(node.Weight);
        foreach (long slot in node.Slots)
        {
            _values.Add((double)slot / node.Weight * unit);
        }
    }

    /// <summary>Makes the tree prunable and starts anew.</summary>
    public PrunableTree Drain(Tree tree, int slots)
    {
        PrunableTree prunable = new(tree, [.. _columns], [.. _gains], [.. _values], [.. _weights], slots);
        _columns.Clear();
        _gains.Clear();
        _values.Clear();
        _weights.Clear();
        return prunable;
    }
}
