using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>The forests that one grown forest gives: the first trees of it, each pruned to a number of leaves.</summary>
internal sealed class ForestFamily : CandidateFamily
{
    private readonly PrunableForest _forest;
    private readonly int[] _trees;
    private readonly int[] _leaves;
    private readonly int? _given;
    private readonly bool _isRegression;

    /// <param name="leaves">Per step, the leaves of a tree; rising, the last one without a bound of its own.</param>
    private ForestFamily(PrunableForest forest, int[] trees, int[] leaves, ModelParameters shape, FeatureSubset? subset, bool isRegression)
        : base([.. from t in trees from l in leaves select shape with { Trees = t, Leaves = l == leaves[^1] ? shape.Leaves : l }], subset) =>
        (_forest, _trees, _leaves, _given, _isRegression) = (forest, trees, leaves, shape.Leaves, isRegression);

    /// <param name="leaves">The steps of another training of the same shape; null takes those that fit this one.</param>
    public static ForestFamily Grow(
        TrainingSet set, ModelParameters shape, int[] trees, int[]? leaves, CancellationToken cancellationToken)
    {
        FeatureSubset? subset = FeatureSubset.Find(shape, set);
        TrainingSet rows = subset?.Select(set) ?? set;
        ForestParameters parameters = ForestParameters.From(shape with { Trees = trees[^1], Features = null });
        PrunableForest forest = new RandomForestTrainer().GrowPrunable(rows, parameters, null, cancellationToken);
        int most = Math.Min(forest.Trees.Max(t => t.LeafCount), shape.Leaves ?? int.MaxValue);
        return new ForestFamily(
            forest, trees, leaves ?? [.. SizeLadder.Leaves(most, set.ClassCount), shape.Leaves ?? int.MaxValue], shape, subset,
            set.Targets is not null);
    }

    /// <summary>Per step, the leaves of a tree.</summary>
    public int[] Leaves => _leaves;

    public override IEnumerable<int> NextLarger(int member)
    {
        bool hasMoreLeaves = member % _leaves.Length < _leaves.Length - 1;
        bool hasMoreTrees = member / _leaves.Length < _trees.Length - 1;
        return
        [
            .. hasMoreLeaves ? [member + 1] : Array.Empty<int>(),
            .. hasMoreTrees ? [member + _leaves.Length] : Array.Empty<int>(),
            .. hasMoreLeaves && hasMoreTrees ? [member + _leaves.Length + 1] : Array.Empty<int>(),
        ];
    }

    public override ICandidateScorer CreateScorer() => new Scorer(_forest, _trees, _leaves, _isRegression);

    protected override TreeEnsemble CreateOverOwn(int member)
    {
        int step = member % _leaves.Length;
        return _forest.Prune(_trees[member / _leaves.Length], step == _leaves.Length - 1 ? _given : _leaves[step]);
    }

    private sealed class Scorer(PrunableForest forest, int[] trees, int[] leaves, bool isRegression) : ICandidateScorer
    {
        private readonly int _slots = forest.BaseValues.Length;
        private readonly double[] _sums = new double[leaves.Length * forest.BaseValues.Length];
        private readonly int[] _nodes = new int[leaves.Length];

        public void Score(ReadOnlySpan<float> row, Span<float> answers)
        {
            _sums.AsSpan().Clear();
            int step = 0;
            for (int t = 0; t < trees[^1]; t++)
            {
                PrunableTree tree = forest.Trees[t];
                tree.Find(row, leaves, _nodes);
                for (int l = 0; l < _nodes.Length; l++)
                {
                    ReadOnlySpan<double> values = tree.Values(_nodes[l]);
                    Span<double> sums = _sums.AsSpan(l * _slots, _slots);
                    for (int k = 0; k < values.Length; k++)
                    {
                        sums[k] += values[k];
                    }
                }

                if (t + 1 == trees[step])
                {
                    Answer(answers.Slice(step * leaves.Length, leaves.Length), t + 1);
                    step++;
                }
            }
        }

        private void Answer(Span<float> answers, int grown)
        {
            for (int l = 0; l < answers.Length; l++)
            {
                ReadOnlySpan<double> sums = _sums.AsSpan(l * _slots, _slots);
                answers[l] = isRegression ? (float)((sums[0] / grown) + forest.BaseValues[0]) : LargestOf(sums);
            }
        }

        private static int LargestOf(ReadOnlySpan<double> sums)
        {
            int best = 0;
            for (int k = 1; k < sums.Length; k++)
            {
                best = sums[k] > sums[best] ? k : best;
            }

            return best;
        }
    }
}
