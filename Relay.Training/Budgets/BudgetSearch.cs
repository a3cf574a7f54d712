using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Tuning;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>Searches the smallest model within a budget on parts of the training rows; held-out rows take no part. Without a bound on time the
/// same rows, spec and seed give the same choice.</summary>
internal sealed class BudgetSearch(EngineCatalog engines)
{
    // Trees that a later shape of a forest may have, against the best one so far: a better shape needs fewer.
    private const int Spare = 2;
    private const int LeastTrees = 8;

    /// <param name="full">The model that the parameters of the spec give; of a search for parameters, those that it found.</param>
    /// <exception cref="TrainingException">There are too few rows to measure a loss.</exception>
    /// <exception cref="OperationCanceledException">Within about a second of the request.</exception>
    public BudgetChoices Run(FullModel full, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        FamilyMeasurement measurement = new(full, engines);
        ShapeVariants variants = new(full.Spec, full.Encodings, full.Model.Importance);
        Shapes shapes = new(measurement, progress);
        int most = variants.Trees;
        shapes.Expect(1 + variants.Groups.Sum(group => group(full.Spec.Parameters).Count()));
        List<SmallModel> models = [.. shapes.Measure(full.Spec.Parameters, most, cancellationToken)];
        BudgetChoices choices = new(full, models, models[^1]);
        foreach (Func<ModelParameters, IEnumerable<ModelParameters>> group in variants.Groups)
        {
            SmallModel best = choices.FindBest();
            ModelParameters shape = best.Parameters with { Trees = full.Spec.Parameters.Trees, Leaves = LeavesOf(full.Spec, best) };
            int trees = full.Spec.Algorithm is ModelAlgorithm.RandomForest && choices.IsWithinLoss(best)
                ? Math.Min(most, Math.Max(LeastTrees, Spare * best.Parameters.Trees!.Value))
                : most;
            foreach (ModelParameters variant in group(shape))
            {
                models.AddRange(shapes.Measure(variant, trees, cancellationToken));
            }
        }

        return choices;
    }

    // A forest is pruned after it is grown, so that its leaves are no part of its shape.
    private static int? LeavesOf(ModelSpec spec, SmallModel best) =>
        spec.Algorithm is ModelAlgorithm.RandomForest ? spec.Parameters.Leaves : best.Parameters.Leaves;

    /// <summary>Measures each shape once and reports each training.</summary>
    private sealed class Shapes(FamilyMeasurement measurement, IProgress<TrainingProgress>? progress)
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private int _done;
        private int _total;

        public void Expect(int shapes)
        {
            _total = shapes * FamilyMeasurement.TrainingsPerShape;
            progress?.Report(new TrainingProgress("budget", 0, _total));
        }

        public IReadOnlyList<SmallModel> Measure(ModelParameters shape, int trees, CancellationToken cancellationToken)
        {
            // By their text: two lists of the same columns are not equal as objects.
            return _seen.Add(Convert.ToHexString(SpecDigestText.Write(shape)))
                ? measurement.Run(
                    shape, SizeLadder.Trees(trees),
                    () =>
                    {
                        _done++;
                        progress?.Report(new TrainingProgress("budget", _done, Math.Max(_done, _total)));
                    },
                    cancellationToken)
                : [];
        }
    }
}
