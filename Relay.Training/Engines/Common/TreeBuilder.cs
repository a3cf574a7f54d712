using Relay.Training.Trees;

namespace Relay.Training.Engines.Common;

/// <summary>Collects the nodes of one tree, parents before children, left before right.</summary>
/// <param name="output">See <see cref="Tree.Output"/>.</param>
/// <param name="leafWidth">Values per leaf.</param>
internal sealed class TreeBuilder(int output, int leafWidth)
{
    private readonly List<int> feature = [];
    private readonly List<float> threshold = [];
    private readonly List<int> left = [];
    private readonly List<int> right = [];
    private readonly List<bool> missingLeft = [];
    private readonly List<float> leafValues = [];

    /// <summary>Adds a split whose left child is the next node added.</summary>
    /// <returns>Its index, for <see cref="SetRight"/>.</returns>
    public int AddSplit(int column, float at, bool missingGoesLeft)
    {
        Add(column, at, feature.Count + 1, missingGoesLeft);
        return feature.Count - 1;
    }

    /// <summary>Says that the right child of a split is the next node added.</summary>
    public void SetRight(int split) => right[split] = feature.Count;

    public void AddLeaf(ReadOnlySpan<float> values)
    {
        Add(-1, 0, leafValues.Count / leafWidth, false);
        leafValues.AddRange(values);
    }

    public Tree Build() => new()
    {
        Feature = [.. feature],
        Threshold = [.. threshold],
        Left = [.. left],
        Right = [.. right],
        MissingLeft = [.. missingLeft],
        Output = output,
        LeafValues = [.. leafValues],
    };

    private void Add(int column, float at, int leftIndex, bool missingGoesLeft)
    {
        feature.Add(column);
        threshold.Add(at);
        left.Add(leftIndex);
        right.Add(0);
        missingLeft.Add(missingGoesLeft);
    }
}
