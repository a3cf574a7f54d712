namespace Shared.Scoring.Trees;

/// <summary>Brings trees of any split mode into the one form of <see cref="TreeForest"/>: to the left when at most the threshold.</summary>
internal sealed class ForestBuilder(SourceTrees source)
{
    /// <summary>Equality takes two branches and both need what is on its other side, which is then copied; a chain of them doubles
    /// each time. A tree may grow to this many times its size.</summary>
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
    /// <returns>Null where copies would make a tree too large.</returns>
    public static TreeForest? Build(SourceTrees source, float[] baseValues)
    {
        ForestBuilder builder = new(source);
        ForestTree[] trees = new ForestTree[source.Roots.Length];
        long largest = Math.Max(MaxSmall, (long)MaxGrowth * source.Nodes.Length);
        for (int i = 0; i < trees.Length; i++)
        {
            if (builder.Tree(source.Roots[i], largest) is not { } tree)
            {
                return null;
            }

            trees[i] = tree;
            largest -= tree.Feature.Length;
        }

        return new TreeForest(source.FeatureCount, source.OutputCount, trees, baseValues);
    }

    private ForestTree? Tree(int root, long largest)
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
            if (_feature.Count > largest || _valueCount > SourceTrees.MaxValues)
            {
                return null;
            }

            int made = at.Child < 0 ? Leaf(~at.Child) : Branch(source.Nodes[at.Child]);
            if (at.Parent >= 0)
            {
                (at.IsLeft ? _left : _right)[at.Parent] = made;
            }
        }

        return Finish();
    }

    private int Leaf(int leaf)
    {
        _leaves.Add(leaf);
        _valueCount += source.OutputCount;
        return ~(_leaves.Count - 1);
    }

    private int Branch(SplitNode node)
    {
        float below = JustBelow(node.Threshold);
        return node.Mode switch
        {
            SplitMode.LessOrEqual => Add(node, node.Threshold, node.MissingTrue, node.WhenTrue, node.WhenFalse),
            SplitMode.Less => Add(node, below, node.MissingTrue, node.WhenTrue, node.WhenFalse),
            SplitMode.Greater => Add(node, node.Threshold, !node.MissingTrue, node.WhenFalse, node.WhenTrue),
            SplitMode.GreaterOrEqual => Add(node, below, !node.MissingTrue, node.WhenFalse, node.WhenTrue),
            SplitMode.Equal => Both(node, below, node.MissingTrue, node.WhenTrue, node.WhenFalse),

            // NaN differs from every threshold: "not equal" holds for it whatever the flag says.
            _ => Both(node, below, missingInside: false, node.WhenFalse, node.WhenTrue),
        };
    }

    // At most the threshold, and there above all that is below it: inside. NaN goes left at first only to get inside.
    private int Both(SplitNode node, float below, bool missingInside, int inside, int outside)
    {
        int upper = Reserve(node.Feature, node.Threshold, missingInside);
        int lower = Reserve(node.Feature, below, missingLeft: false);
        _left[upper] = lower;
        _open.Push((outside, upper, false));
        _open.Push((inside, lower, false));
        _open.Push((outside, lower, true));
        return upper;
    }

    private int Add(SplitNode node, float threshold, bool missingLeft, int left, int right)
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

    // Below negative infinity there is nothing, and nothing is at most NaN.
    private static float JustBelow(float threshold) =>
        float.IsNegativeInfinity(threshold) ? float.NaN : MathF.BitDecrement(threshold);

    private ForestTree Finish()
    {
        int output = OneOutput();
        int width = output < 0 ? source.OutputCount : 1;
        float[] values = new float[_leaves.Count * width];
        for (int leaf = 0; leaf < _leaves.Count; leaf++)
        {
            foreach (LeafValue value in source.Leaves[_leaves[leaf]])
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

    // An output that a leaf does not name gets +0 from it, which no running sum feels: it starts at +0 and is never -0.
    private int OneOutput()
    {
        int[] named = [.. _leaves.SelectMany(l => source.Leaves[l]).Select(v => v.Output).Distinct().Take(2)];
        return named.Length switch { 0 => 0, 1 => named[0], _ => -1 };
    }
}
