using Shared.Contracts.Onnx.Trees;

namespace Shared.Scoring.Trees;

/// <summary>Converts trees of any split mode into the one form of <see cref="TreeForest"/>: left when the value is at most the
/// threshold.</summary>
internal sealed class ForestBuilder(SourceTrees source)
{
    /// <summary>Limit of growth. A split by equality becomes two branches that both lead to the unequal side, which is copied; a chain of
    /// them doubles the tree each time.</summary>
    private const int MaxGrowth = 8;
    private const int MaxSmall = 4096;

    private readonly List<int> _feature = [];
    private readonly List<float> _threshold = [];
    private readonly List<bool> _missingLeft = [];
    private readonly List<int> _left = [];
    private readonly List<int> _right = [];
    private readonly List<int> _leaves = [];
    private readonly Stack<(int Child, int Parent, bool IsLeft)> _open = [];
    private long _valueCount;

    /// <param name="baseValues">One per output.</param>
    /// <returns>Null where copies would make a tree too large, or leaves have too many values.</returns>
    public static TreeForest? Build(SourceTrees source, float[] baseValues)
    {
        ForestBuilder builder = new(source);
        ForestTree[] trees = new ForestTree[source.Roots.Length];
        long maxBranches = Math.Max(MaxSmall, (long)MaxGrowth * source.Nodes.Length);
        for (int i = 0; i < trees.Length; i++)
        {
            if (builder.ConvertTree(source.Roots[i], maxBranches) is not { } tree)
            {
                return null;
            }

            trees[i] = tree;
            maxBranches -= tree.Feature.Length;
        }

        return new TreeForest(source.FeatureCount, source.OutputCount, trees, baseValues);
    }

    private ForestTree? ConvertTree(int root, long maxBranches)
    {
        _feature.Clear();
        _threshold.Clear();
        _missingLeft.Clear();
        _left.Clear();
        _right.Clear();
        _leaves.Clear();
        _open.Clear();
        _open.Push((root, -1, false));
        while (_open.TryPop(out var at))
        {
            if (_feature.Count > maxBranches || _leaves.Count > ScorableTrees.MaxValues)
            {
                return null;
            }

            int made = at.Child < 0 ? AddLeaf(~at.Child) : AddBranch(source.Nodes[at.Child]);
            if (at.Parent >= 0)
            {
                (at.IsLeft ? _left : _right)[at.Parent] = made;
            }
        }

        return Finish();
    }

    private int AddLeaf(int leaf)
    {
        _leaves.Add(leaf);
        return ~(_leaves.Count - 1);
    }

    private int AddBranch(SplitNode node)
    {
        float below = JustBelow(node.Threshold);
        return node.Mode switch
        {
            SplitMode.LessOrEqual => AddSplit(node, node.Threshold, node.MissingTrue, node.WhenTrue, node.WhenFalse),
            SplitMode.Less => AddSplit(node, below, node.MissingTrue, node.WhenTrue, node.WhenFalse),
            SplitMode.Greater => AddSplit(node, node.Threshold, !node.MissingTrue, node.WhenFalse, node.WhenTrue),
            SplitMode.GreaterOrEqual => AddSplit(node, below, !node.MissingTrue, node.WhenFalse, node.WhenTrue),
            SplitMode.Equal => AddEquality(node, below, node.MissingTrue, node.WhenTrue, node.WhenFalse),
            SplitMode.Member => throw new InvalidOperationException("Set membership is left to ONNX Runtime."),

            // NaN differs from every threshold: "not equal" holds for it whatever the flag says.
            _ => AddEquality(node, below, missingInside: false, node.WhenFalse, node.WhenTrue),
        };
    }

    // Two splits: at most the threshold, then above the next smaller number. NaN goes left at the first only to reach the inside.
    private int AddEquality(SplitNode node, float below, bool missingInside, int inside, int outside)
    {
        int upper = Reserve(node.Feature, node.Threshold, missingInside);
        int lower = Reserve(node.Feature, below, missingLeft: false);
        _left[upper] = lower;
        _open.Push((outside, upper, false));
        _open.Push((inside, lower, false));
        _open.Push((outside, lower, true));
        return upper;
    }

    private int AddSplit(SplitNode node, float threshold, bool missingLeft, int left, int right)
    {
        int at = Reserve(node.Feature, threshold, missingLeft);
        _open.Push((right, at, false));
        _open.Push((left, at, true));
        return at;
    }

    private int Reserve(int feature, float threshold, bool missingLeft)
    {
        _feature.Add(feature);
        _threshold.Add(threshold);
        _missingLeft.Add(missingLeft);
        _left.Add(0);
        _right.Add(0);
        return _feature.Count - 1;
    }

    // No number is below negative infinity, and no number is at most NaN.
    private static float JustBelow(float threshold) =>
        float.IsNegativeInfinity(threshold) ? float.NaN : MathF.BitDecrement(threshold);

    private ForestTree? Finish()
    {
        int output = FindOnlyOutput();
        int width = output < 0 ? source.OutputCount : 1;
        _valueCount += (long)_leaves.Count * width;
        if (_valueCount > ScorableTrees.MaxValues)
        {
            return null;
        }

        float[] values = new float[_leaves.Count * width];
        for (int leaf = 0; leaf < _leaves.Count; leaf++)
        {
            foreach (LeafValue value in source.Leaf(_leaves[leaf]))
            {
                values[leaf * width + (output < 0 ? value.Output : 0)] = value.Value;
            }
        }

        return new ForestTree
        {
            Feature = [.. _feature],
            Threshold = [.. _threshold],
            MissingLeft = [.. _missingLeft],
            Left = [.. _left],
            Right = [.. _right],
            Output = output,
            LeafValues = values,
            LeafShares = source.LeafShares is { } shares ? [.. _leaves.Select(leaf => shares[leaf])] : null,
        };
    }

    // A leaf without a value for an output adds +0 to it, which changes no bits: a running sum starts at +0 and is never -0.
    private int FindOnlyOutput()
    {
        int output = -1;
        foreach (int leaf in _leaves)
        {
            foreach (LeafValue value in source.Leaf(leaf))
            {
                if (output >= 0 && value.Output != output)
                {
                    return -1;
                }

                output = value.Output;
            }
        }

        return Math.Max(output, 0);
    }
}
