using Relay.Training.Data.Features;
using Relay.Training.Trees;

namespace Relay.Training.Importing.Proof;

/// <summary>What converted trees compare of a row in the order of the source's features: a feature, or on which side of a set of categories it
/// is.</summary>
internal sealed class ConvertedColumns
{
    private readonly int[] _features;
    private readonly Tree?[] _indicators;

    /// <param name="bound">Per feature of the source, the column of the schema.</param>
    /// <param name="encodings">Per column of the schema.</param>
    public ConvertedColumns(int[] bound, IReadOnlyList<FeatureEncoding> encodings)
    {
        int[] featureOf = new int[bound.Length];
        for (int feature = 0; feature < bound.Length; feature++)
        {
            featureOf[bound[feature]] = feature;
        }

        _features = Array.ConvertAll(FeatureEncoding.FeatureOfComparedColumns(encodings), column => featureOf[column]);
        _indicators =
        [
            .. encodings.SelectMany(e => e.Indicators is { } all ? all.SelectMany(i => i.Trees) : Enumerable.Repeat<Tree?>(null, e.Width)),
        ];
    }

    /// <summary>What the leaf that a row ends in adds.</summary>
    public float LeafOf(Tree tree, ReadOnlySpan<float> row)
    {
        int node = 0;
        while (tree.Feature[node] is >= 0 and var column)
        {
            float value = row[_features[column]];
            node = Next(tree, node, _indicators[column] is { } indicator ? LeafOf(indicator, value) : value);
        }

        return tree.LeafValues[tree.Left[node]];
    }

    private static float LeafOf(Tree indicator, float value)
    {
        int node = 0;
        while (indicator.Feature[node] >= 0)
        {
            node = Next(indicator, node, value);
        }

        return indicator.LeafValues[indicator.Left[node]];
    }

    private static int Next(Tree tree, int node, float value) =>
        value <= tree.Threshold[node] || (tree.MissingLeft[node] && float.IsNaN(value)) ? tree.Left[node] : tree.Right[node];
}
