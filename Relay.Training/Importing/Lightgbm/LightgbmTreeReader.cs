using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Categories;
using Relay.Training.Importing.Proof;
using Relay.Training.Trees;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>Turns one tree around: LightGBM compares doubles, and has three ways of missing values, which become thresholds in float32 and a side for
/// NaN. A split by a set of categories compares the column of the set.</summary>
internal static class LightgbmTreeReader
{
    private const int DefaultLeftBit = 2;
    private const int MissingShift = 2;
    private const int MissingZero = 1;
    private const int MissingNaN = 2;

    /// <summary>LightGBM reads numbers as close to zero as this as zero.</summary>
    private const float Zero = 1e-35f;

    private static readonly float BelowZero = MathF.BitDecrement(-Zero);

    /// <param name="scale">What leaves are multiplied by.</param>
    /// <param name="maxNodes">Nodes that the tree may become.</param>
    /// <param name="sets">Takes the sets of categories.</param>
    public static Tree Read(LightgbmMembers source, int output, int features, double scale, int maxNodes, CategorySets sets)
    {
        int leaves = source.Whole("num_leaves", 1, ImportBounds.MaxNodes);
        if (source.Whole("is_linear", 0, 1, absent: 0) == 1)
        {
            throw LightgbmFile.Refuse($"{source.Place} has linear leaves (linear_tree=true), and not one number per leaf");
        }

        float[] values = Array.ConvertAll(source.Numbers("leaf_value", leaves), value => (float)(value * scale));
        if (Array.FindIndex(values, v => !float.IsFinite(v)) is >= 0 and var overflow)
        {
            throw LightgbmFile.Refuse($"{source.Place}, leaf_value, entry {overflow} of {leaves}: beyond float32");
        }

        return new Walk(source, leaves, features, values, maxNodes, sets).Build(output);
    }

    private sealed class Walk(LightgbmMembers source, int leaves, int features, float[] values, int maxNodes, CategorySets sets)
    {
        private readonly LightgbmSets _sets = LightgbmSets.Read(source, sets);
        private readonly int[] _feature = leaves == 1 ? [] : source.Wholes("split_feature", leaves - 1, 0, features - 1);
        private readonly double[] _threshold = leaves == 1 ? [] : source.Numbers("threshold", leaves - 1, isInfinite: true);
        private readonly int[] _decision = leaves == 1 ? [] : source.Wholes("decision_type", leaves - 1, 0, 15);
        private readonly int[] _left = leaves == 1 ? [] : source.Wholes("left_child", leaves - 1, -leaves, leaves - 2);
        private readonly int[] _right = leaves == 1 ? [] : source.Wholes("right_child", leaves - 1, -leaves, leaves - 2);
        private readonly Stack<Step> _open = new();

        public Tree Build(int output)
        {
            RequireTree();
            TreeBuilder tree = new(output, leafWidth: 1);
            int nodes = 0;
            _open.Push(new Step(leaves == 1 ? ~0 : 0, Band.None, null));
            while (_open.TryPop(out Step step))
            {
                if (++nodes > maxNodes)
                {
                    throw LightgbmFile.Refuse(
                        $"{source.Place}: more than {ImportBounds.MaxNodes} nodes up to here, splits around zero " +
                            $"counted as often as they are needed");
                }

                if (step.RightOf is { } split)
                {
                    tree.SetRight(split);
                }

                if (step.Node < 0)
                {
                    tree.AddLeaf([values[~step.Node]]);
                }
                else
                {
                    AddSplit(tree, step);
                }
            }

            return tree.Build();
        }

        // Each split has one parent and the root has none, or rows could go round in circles.
        private void RequireTree()
        {
            bool[] isReached = new bool[_feature.Length];
            Stack<int> open = new(_feature.Length == 0 ? [] : [0]);
            while (open.TryPop(out int node))
            {
                if (isReached[node])
                {
                    throw LightgbmFile.Refuse($"{source.Place}: two branches lead to split {node}, its nodes do not form a tree");
                }

                isReached[node] = true;
                RequireSplit(node);
                foreach (int child in (ReadOnlySpan<int>)[_right[node], _left[node]])
                {
                    if (child >= 0)
                    {
                        open.Push(child);
                    }
                }
            }
        }

        private void RequireSplit(int node)
        {
            if (LightgbmSets.IsBySet(_decision[node]))
            {
                _sets.Require(_threshold[node], node);
                return;
            }

            if (_decision[node] >> MissingShift > MissingNaN)
            {
                throw LightgbmFile.Refuse($"{source.Place}, decision_type, entry {node}: {_decision[node]} has a way of missing values that is none");
            }

            // An infinite threshold parts what is there from what is missing.
            if (float.IsNegativeInfinity(Threshold(node)))
            {
                throw LightgbmFile.Refuse($"{source.Place}, threshold, entry {node}: {_threshold[node]:R} is below every float32");
            }
        }

        private void AddSplit(TreeBuilder tree, Step step)
        {
            int node = step.Node;
            if (LightgbmSets.IsBySet(_decision[node]))
            {
                CategorySet set = _sets.SetOf(_feature[node], _threshold[node]);
                Push(tree.AddSplit(sets.Add(set), CategorySet.Threshold, false), _left[node], _right[node], Band.None);
                return;
            }

            float threshold = Threshold(node);
            bool defaultLeft = (_decision[node] & DefaultLeftBit) != 0;
            switch (_decision[node] >> MissingShift)
            {
                case MissingNaN:
                    Split(tree, node, threshold, defaultLeft);
                    break;
                case MissingZero when defaultLeft && threshold == BelowZero:
                    Split(tree, node, Zero, true);
                    break;
                case MissingZero when !defaultLeft && threshold == Zero:
                    Split(tree, node, BelowZero, false);
                    break;
                case MissingZero when defaultLeft != (0 <= threshold):
                    AddBand(tree, step, threshold, defaultLeft);
                    break;
                default:
                    // NaN counts as zero.
                    Split(tree, node, threshold, 0 <= threshold);
                    break;
            }
        }

        // Values around zero go to the other side than their neighbors: three comparisons, of which two lead to the same subtree.
        private void AddBand(TreeBuilder tree, Step step, float threshold, bool defaultLeft)
        {
            switch (step.Band)
            {
                // Zero goes right though it is at most the threshold: below zero left, zero right, above it as the threshold says.
                case Band.None when !defaultLeft:
                    Push(tree.AddSplit(_feature[step.Node], BelowZero, false), _left[step.Node], step.Node, Band.AboveBand);
                    break;
                case Band.AboveBand when !defaultLeft:
                    Push(tree.AddSplit(_feature[step.Node], Zero, true), _right[step.Node], step.Node, Band.Last);
                    break;

                // Zero goes left though it is above the threshold: above zero right, and at most zero again apart.
                case Band.None:
                    Push(tree.AddSplit(_feature[step.Node], threshold, false), _left[step.Node], step.Node, Band.AboveBand);
                    break;
                case Band.AboveBand:
                    Push(tree.AddSplit(_feature[step.Node], BelowZero, false), _right[step.Node], step.Node, Band.Last);
                    break;
                default:
                    Split(tree, step.Node, defaultLeft ? Zero : threshold, defaultLeft);
                    break;
            }
        }

        private void Push(int split, int left, int right, Band band)
        {
            _open.Push(new Step(right, band, split));
            _open.Push(new Step(left, Band.None, null));
        }

        private void Split(TreeBuilder tree, int node, float threshold, bool missingLeft) =>
            Push(tree.AddSplit(_feature[node], threshold, missingLeft), _left[node], _right[node], Band.None);

        // Numbers within the zero band, its ends too, are zero: a threshold inside it parts the band from what is beside it.
        private float Threshold(int node) => Math.Abs(_threshold[node]) > Zero ? ThresholdRows.RoundDown(_threshold[node])
            : _threshold[node] >= 0 ? Zero
            : BelowZero;
    }

    private readonly record struct Step(int Node, Band Band, int? RightOf);

    /// <summary>Which of the comparisons of a split around zero is next.</summary>
    private enum Band
    {
        None,
        AboveBand,
        Last,
    }
}
