using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>A finished tree.</summary>
/// <param name="Gains">Per node what its split gained; 0 on a leaf.</param>
internal sealed record GrownTree(Tree Tree, double[] Gains)
{
    public static GrownTree From(BoostingNode root, BinnedRows data)
    {
        TreeBuilder tree = new(root.Tree, 1);
        List<double> gains = [];
        Add(root);
        return new GrownTree(tree.Build(), [.. gains]);

        void Add(BoostingNode node)
        {
            gains.Add(node.Left is null ? 0 : node.Split.Gain);
            if (node.Left is null || node.Right is null)
            {
                tree.AddLeaf([node.LeafValue]);
                return;
            }

            GainSplit split = node.Split;
            int at = tree.AddSplit(
                data.Features[split.Column], data.Bins[split.Column].Threshold(split.LastLeftBin), split.MissingLeft);
            Add(node.Left);
            tree.SetRight(at);
            Add(node.Right);
        }
    }

    /// <summary>Per feature, the share of all gains that its splits have; all 0 where nothing was split.</summary>
    public static double[] Importance(IEnumerable<GrownTree> trees, int featureCount)
    {
        double[] gains = new double[featureCount];
        foreach (GrownTree grown in trees)
        {
            for (int node = 0; node < grown.Gains.Length; node++)
            {
                if (grown.Tree.Feature[node] >= 0)
                {
                    gains[grown.Tree.Feature[node]] += grown.Gains[node];
                }
            }
        }

        double total = gains.Sum();
        return total > 0 ? [.. gains.Select(gain => gain / total)] : gains;
    }
}
