using Relay.Training.Engines.Common.Binning;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>A finished tree over binned rows: adds its leaf values to scores as they were added when it was grown.</summary>
internal sealed class BinnedTree
{
    private readonly Tree tree;
    private readonly byte[][] columns;
    private readonly byte[] lastLeft;
    private readonly byte[] missing;

    public BinnedTree(Tree tree, BinnedRows data)
    {
        this.tree = tree;
        columns = new byte[tree.NodeCount][];
        lastLeft = new byte[tree.NodeCount];
        missing = new byte[tree.NodeCount];
        for (int node = 0; node < tree.NodeCount; node++)
        {
            if (tree.Feature[node] >= 0)
            {
                int column = Array.IndexOf(data.Features, tree.Feature[node]);
                columns[node] = data.ByColumn[column];
                lastLeft[node] = data.Bins[column].Bin(tree.Threshold[node]);
                missing[node] = (byte)data.Bins[column].ValueBins;
            }
        }
    }

    public void AddTo(float[] margins, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            int node = 0;
            while (tree.Feature[node] >= 0)
            {
                byte bin = columns[node][row];
                bool left = bin == missing[node] ? tree.MissingLeft[node] : bin <= lastLeft[node];
                node = left ? tree.Left[node] : tree.Right[node];
            }

            margins[row] += tree.LeafValues[tree.Left[node]];
        }
    }
}
