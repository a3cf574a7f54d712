namespace Relay.Server.Datasets.Selection;

/// <summary>The most rows that a run takes of one node, so that none makes up more than its share of what is taken.</summary>
internal static class NodeCap
{
    /// <param name="trusted">Rows that came with API keys, which are not bounded.</param>
    /// <param name="nodes">The rows of each node.</param>
    /// <param name="share">Above 0, at most 1.</param>
    /// <returns>The largest number of rows of each node that keeps to the share; 0 where there are too few nodes for any.</returns>
    public static int Find(long trusted, IReadOnlyCollection<int> nodes, double share)
    {
        // To lower the bound lowers the sum: the bound falls until it is within its share, which is the largest such bound.
        int cap = nodes.Count == 0 ? 0 : nodes.Max();
        while (cap > 0 && cap > share * Taken(cap))
        {
            cap = (int)Math.Min(cap - 1, Math.Floor(share * Taken(cap)));
        }

        return cap;

        long Taken(int bound) => trusted + nodes.Sum(rows => (long)Math.Min(rows, bound));
    }
}
