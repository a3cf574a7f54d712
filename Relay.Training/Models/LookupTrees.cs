using Relay.Training.Data.Features;
using Relay.Training.Trees;

namespace Relay.Training.Models;

/// <summary>Trees that let looked-up texts decide: each adds more to the score of the text's class than all trees that learned can take away, so
/// that the probability of the class is exactly 1. Where two columns know their texts, the one that the spec names first decides.</summary>
internal static class LookupTrees
{
    // Softmax and sigmoid of scores this far apart are 0 and 1 in float32.
    private const double Saturated = 256;

    public static TreeEnsemble Append(TreeEnsemble ensemble, IReadOnlyList<FeatureEncoding> encodings)
    {
        int[] columns = [.. FeatureEncoding.FeatureOfColumns(encodings).Index().Where(c => encodings[c.Item].IsLookup).Select(c => c.Index)];
        if (columns.Length == 0)
        {
            return ensemble;
        }

        double weight = Math.ScaleB(1, Math.ILogB((2 * LargestScore(ensemble)) + Saturated) + columns.Length);
        List<Tree> trees = [.. ensemble.Trees];
        foreach (int column in columns)
        {
            trees.AddRange(Create(ensemble, column, (float)weight));
            weight /= 2;
        }

        return ensemble with { Trees = trees };
    }

    private static double LargestScore(TreeEnsemble ensemble) =>
        ensemble.Trees.Sum(t => t.LeafValues.Max(v => Math.Abs((double)v))) + ensemble.BaseValues.Max(v => Math.Abs((double)v));

    private static IEnumerable<Tree> Create(TreeEnsemble ensemble, int column, float weight) => ensemble.Link switch
    {
        Link.Sigmoid => [Create(column, 0, 0, 0, -weight, weight)],
        Link.Softmax => Enumerable.Range(0, ensemble.OutputCount).Select(k => Create(column, k, k, 0, weight, 0)),
        _ => throw new ArgumentException($"Nothing is looked up before the link {ensemble.Link}.", nameof(ensemble)),
    };

    // Below the class, and where the text is unknown: the first leaf; the class: the second; above it: the third.
    private static Tree Create(int column, int output, int ofClass, params float[] leaves) => new()
    {
        Feature = [column, -1, column, -1, -1],
        Threshold = [ofClass - 0.5f, 0, ofClass + 0.5f, 0, 0],
        Left = [1, 0, 3, 1, 2],
        Right = [2, 0, 4, 0, 0],
        MissingLeft = [true, false, false, false, false],
        Output = output,
        LeafValues = leaves,
    };
}
