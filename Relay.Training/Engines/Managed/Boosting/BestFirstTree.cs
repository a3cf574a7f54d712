namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Grows one tree leaf-wise: of all leaves the one whose split gains most is split next, until there are as many leaves as allowed. Of
/// equal gains, the leaf that came first.</summary>
/// <param name="mostHistograms">Leaves beyond that many wait without their histogram, which is made of the rows again, to the same sums.</param>
/// <param name="worker">Whose spare list to use.</param>
/// <param name="helpers">Threads for a large node.</param>
internal sealed class BestFirstTree(BoostingGrower grower, int leaves, int mostHistograms, int[] columns, SplitFinder scan, int worker, int helpers)
{
    private readonly PriorityQueue<BoostingNode, (double Gain, int Order)> _open = new(
        Comparer<(double Gain, int Order)>.Create((a, b) => a.Gain != b.Gain ? b.Gain.CompareTo(a.Gain) : a.Order.CompareTo(b.Order)));

    private int _order;

    public void Grow(BoostingNode root, CancellationToken cancellationToken)
    {
        Open(root);
        for (int count = 2; count <= leaves && _open.TryDequeue(out BoostingNode? node, out _); count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (count == leaves)
            {
                grower.AddChildren(node, scan, worker);
                grower.Release(node);
                grower.EndInLeaf(node.Left!, scan);
                grower.EndInLeaf(node.Right!, scan);
                break;
            }

            grower.Split(node, scan, worker, helpers);
            Open(node.Left!);
            Open(node.Right!);
        }

        foreach ((BoostingNode node, _) in _open.UnorderedItems)
        {
            grower.EndInLeaf(node, scan);
        }
    }

    private void Open(BoostingNode node)
    {
        if (!grower.FindSplit(node, columns, scan, helpers))
        {
            grower.EndInLeaf(node, scan);
            return;
        }

        if (_open.Count >= mostHistograms)
        {
            grower.Release(node);
        }

        _open.Enqueue(node, (node.Split.Gain, _order++));
    }
}
