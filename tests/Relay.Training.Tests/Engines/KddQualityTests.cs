using Relay.Training.Engines;
using Relay.Training.Evaluation;
using Relay.Training.Specs;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

/// <summary>Quality on real data must not fall unseen: floors stand a little under what was measured.</summary>
public sealed class KddQualityTests
{
    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting, 0.56, 0.98)]
    [InlineData(ModelAlgorithm.RandomForest, 0.55, 0.85)]
    public void Train_KddCup99OfficialSplit_ReachesTheFloors(ModelAlgorithm algorithm, double f1, double auc)
    {
        KddRows rows = KddRows.GetOrSkip();

        TreeEnsemble ensemble = EngineCatalog.CreateDefault().Create(KddCup99.Spec with { Algorithm = algorithm })
            .Train(rows.Train, new ModelParameters(), null, default);

        float[] probabilities = new EnsembleEvaluator(ensemble).Probabilities(rows.Test.Columns);
        int[] labels = EnsembleEvaluator.Labels(probabilities, rows.Classes.Count);
        Assert.InRange(MacroF1(rows.Test.Labels, labels, rows.Classes.Count), f1, 1);
        Assert.InRange(MacroAuc(rows.Test.Labels, probabilities, rows.Classes.Count), auc, 1);
    }

    private static double MacroF1(int[] expected, int[] actual, int classes) => Enumerable.Range(0, classes).Average(k =>
    {
        double hits = expected.Zip(actual).Count(p => p.First == k && p.Second == k);
        return 2 * hits / (expected.Count(e => e == k) + actual.Count(a => a == k));
    });

    private static double MacroAuc(int[] expected, float[] probabilities, int classes) => Enumerable.Range(0, classes).Average(k =>
        RocCurve.Area([.. expected.Select((_, row) => probabilities[(row * classes) + k])], [.. expected.Select(e => e == k)])!.Value);
}
