using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>The models that the first trees of one ensemble are: rounds of boosting that ended earlier, and smaller isolation forests.</summary>
internal sealed class PrefixFamily : CandidateFamily
{
    private readonly TreeEnsemble _ensemble;
    private readonly int[] _steps;
    private readonly int _perStep;

    /// <param name="perStep">Trees of a round.</param>
    private PrefixFamily(TreeEnsemble ensemble, int[] steps, int perStep, ModelParameters shape, FeatureSubset? subset)
        : base([.. steps.Select(t => shape with { Trees = t })], subset) =>
        (_ensemble, _steps, _perStep) = (ensemble, steps, perStep);

    public static PrefixFamily Grow(
        EngineCatalog engines, ModelSpec spec, TrainingSet set, ModelParameters shape, int[] trees, CancellationToken cancellationToken)
    {
        FeatureSubset? subset = FeatureSubset.Find(shape, set);
        ModelParameters parameters = shape with { Trees = trees[^1] };
        TreeEnsemble ensemble = engines.Create(spec).Train(
            subset?.Select(set) ?? set, subset?.Select(parameters) ?? parameters, null, cancellationToken);
        return new PrefixFamily(ensemble, trees, spec.Algorithm is ModelAlgorithm.GradientBoosting ? ensemble.OutputCount : 1, shape, subset);
    }

    public override IEnumerable<int> NextLarger(int member) =>
        Enumerable.Range(member + 1, 2).Where(larger => larger < _steps.Length);

    public override ICandidateScorer CreateScorer() => new Scorer(_ensemble, _steps, _perStep);

    protected override TreeEnsemble CreateOverOwn(int member) =>
        _ensemble with { Trees = [.. _ensemble.Trees.Take(_steps[member] * _perStep)], Importance = null };

    private sealed class Scorer(TreeEnsemble ensemble, int[] steps, int perStep) : ICandidateScorer
    {
        private readonly float[] _sums = new float[ensemble.OutputCount];

        public void Score(ReadOnlySpan<float> row, Span<float> answers)
        {
            _sums.AsSpan().Clear();
            int at = 0;
            for (int step = 0; step < steps.Length; step++)
            {
                for (int end = steps[step] * perStep; at < end; at++)
                {
                    Tree tree = ensemble.Trees[at];
                    int node = 0;
                    while (tree.Feature[node] >= 0)
                    {
                        float value = row[tree.Feature[node]];
                        bool left = value <= tree.Threshold[node] || (tree.MissingLeft[node] && float.IsNaN(value));
                        node = left ? tree.Left[node] : tree.Right[node];
                    }

                    _sums[tree.Output] += tree.LeafValues[tree.Left[node]];
                }

                answers[step] = Answer(at);
            }
        }

        private float Answer(int trees) => ensemble.Link switch
        {
            // The mean over fewer trees: leaves were divided by the number of all.
            Link.PathLength => _sums[0] * ensemble.Trees.Count / trees,
            Link.None => _sums[0] + ensemble.BaseValues[0],
            Link.Sigmoid => _sums[0] + ensemble.BaseValues[0] > 0 ? 1 : 0,
            _ => LargestClass(),
        };

        private int LargestClass()
        {
            int best = 0;
            for (int k = 1; k < _sums.Length; k++)
            {
                best = _sums[k] + ensemble.BaseValues[k] > _sums[best] + ensemble.BaseValues[best] ? k : best;
            }

            return best;
        }
    }
}
