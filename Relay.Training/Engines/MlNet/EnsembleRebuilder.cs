using Microsoft.ML.Trainers.FastTree;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;

namespace Relay.Training.Engines.MlNet;

/// <summary>Converts ML.NET's trees to a TreeEnsemble. Replacing a missing value and then testing it equals sending it to the side of
/// the replacement, so no step before the trees remains.</summary>
internal static class EnsembleRebuilder
{
    /// <param name="filled">Per feature, the replacement of a missing value.</param>
    public static TreeEnsemble Rebuild(MlNetModel model, float[] filled)
    {
        List<Tree> trees = [];
        for (int output = 0; output < model.Parts.Count; output++)
        {
            TreePart part = model.Parts[output];
            foreach (RegressionTreeBase tree in part.Trees)
            {
                trees.Add(Rebuild(tree, output, part.Scale, filled));
            }
        }

        return new TreeEnsemble(filled.Length, model.Parts.Count, trees, [.. model.Parts.Select(p => (float)p.Shift)], model.Link);
    }

    // A child below 0 is a leaf: its bits inverted are the leaf's number.
    private static Tree Rebuild(RegressionTreeBase source, int output, double scale, float[] filled)
    {
        TreeBuilder tree = new(output, leafWidth: 1);
        Stack<(int Node, int? RightOf)> open = new([(source.NumberOfNodes == 0 ? ~0 : 0, null)]);
        while (open.TryPop(out (int Node, int? RightOf) next))
        {
            if (next.RightOf is { } split)
            {
                tree.SetRight(split);
            }

            if (next.Node < 0)
            {
                tree.AddLeaf([(float)(scale * source.LeafValues[~next.Node])]);
                continue;
            }

            int feature = source.NumericalSplitFeatureIndexes[next.Node];
            float threshold = source.NumericalSplitThresholds[next.Node];
            int at = tree.AddSplit(feature, threshold, filled[feature] <= threshold);
            open.Push((source.RightChild[next.Node], at));
            open.Push((source.LeftChild[next.Node], null));
        }

        return tree.Build();
    }
}
