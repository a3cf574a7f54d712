using Relay.Training.Trees;

namespace Relay.Training.Engines.Common;

/// <summary>Collects the nodes of one tree, parents before children, left before right.</summary>
/// <param name="output">See <see cref="Tree.Output"/>.</param>
/// <param name="leafWidth">Values per leaf.</param>
internal sealed class TreeBuilder(int output, int leafWidth)
{
    private readonly List<int> _feature = [];
    private readonly List<float> _threshold = [];
    private readonly List<int> _left = [];
    private readonly List<int> _right = [];
    private readonly List<bool> _missingLeft = [];
    private readonly List<float> _leafValues = [];

    /// <summary>Adds a split whose left child is the next node added.</summary>
    /// <returns>Its index, for <see cref="SetRight"/>.</returns>
    public int AddSplit(int column, float at, bool missingGoesLeft)
    {
        Add(column, at, _feature.Count + 1, missingGoesLeft);
        return _feature.Count - 1;
    }

    /// <summary>Says that the right child of a split is the next node added.</summary>
    public void SetRight(int split) => _right[split] = _feature.Count;

    public void AddLeaf(ReadOnlySpan<float> values)
    {
        Add(-1, 0, _leafValues.Count / leafWidth, false);
        _leafValues.AddRange(values);
    }

    public Tree Build() => new()
    {
        Feature = [.. _feature],
        Threshold = [.. _threshold],
        Left = [.. _left],
        Right = [.. _right],
        MissingLeft = [.. _missingLeft],
        Output = output,
        LeafValues = [.. _leafValues],
    };

    private void Add(int column, float at, int leftIndex, bool missingGoesLeft)
    {
        _feature.Add(column);
        _threshold.Add(at);
        _left.Add(leftIndex);
        _right.Add(0);
        _missingLeft.Add(missingGoesLeft);
    }
}
