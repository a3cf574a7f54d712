using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Boosting;

public sealed class BoostingSamplingTests
{
    private static readonly ModelParameters Sampled = new() { Trees = 6, Depth = 4, Subsample = 0.6, FeatureFraction = 0.5 };

    public static TheoryData<int> Classes => new(1, 2, 4);

    [Theory]
    [MemberData(nameof(Classes))]
    public void Train_Sampled_GivesTheSameBitsOnAnyNumberOfThreads(int classes)
    {
        TrainingSet set = Create(classes);
        ModelParameters parameters = Sampled with { EarlyStoppingRounds = 3, MinSamplesLeaf = 3 };

        Assert.Single(new[] { 1, 2, 3 }.Select(threads => EnsembleDigest.Compute(Train(set, parameters, threads))).Distinct());
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Train_OtherSeed_GivesAnotherDigest(int classes)
    {
        TrainingSet set = Create(classes);

        Assert.Equal(3, new[] { Sampled, Sampled with { Seed = 7 }, Sampled with { Subsample = 1, FeatureFraction = 1 } }
            .Select(p => EnsembleDigest.Compute(Train(set, p))).Distinct().Count());
    }

    [Fact]
    public void Train_ShareOfRows_CountsOnlyThose()
    {
        // No leaf can hold more rows than were drawn: about half of them.
        TrainingSet set = Create(2);
        ModelParameters parameters = new() { Trees = 20, Subsample = 0.5, MinChildWeight = 0, L2 = 0, MinSamplesLeaf = set.RowCount * 3 / 10 };

        Assert.All(Train(set, parameters).Trees, tree => Assert.Single(tree.Feature));
        Assert.Contains(Train(set, parameters with { Subsample = 1 }).Trees, tree => tree.NodeCount > 1);
    }

    [Fact]
    public void Train_ShareOfColumns_IsWhatATreeUses()
    {
        TreeEnsemble ensemble = Train(Create(4), Sampled with { Trees = 30, Subsample = 1, FeatureFraction = 0.34 });

        int[][] used = [.. ensemble.Trees.Select(tree => tree.Feature.Where(f => f >= 0).Distinct().ToArray())];
        Assert.All(used, columns => Assert.InRange(columns.Length, 0, 2));
        Assert.Equal(6, used.SelectMany(columns => columns).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Train_Sampled_LearnsNearlyAsWell(int classes)
    {
        TrainingSet set = Create(classes);

        TreeEnsemble full = Train(set, new ModelParameters { Trees = 30 });
        double none = Loss(set, full with { Trees = [] });
        double all = Loss(set, full);
        double sampled = Loss(set, Train(set, new ModelParameters { Trees = 30, Subsample = 0.7, FeatureFraction = 0.8 }));

        Assert.InRange(sampled, all * 0.5, all + ((none - all) * 0.05));
    }

    private static double Loss(TrainingSet set, TreeEnsemble ensemble)
    {
        EnsembleEvaluator evaluator = new(ensemble, 1);
        float[] answers = evaluator.Probabilities(set.Columns);
        return Enumerable.Range(0, set.RowCount).Average(row => set.Targets is { } targets
            ? Math.Pow(answers[row] - targets[row], 2)
            : -Math.Log(answers[(row * evaluator.ClassCount) + set.Labels[row]]));
    }

    private static TrainingSet Create(int classes) => classes == 1
        ? SmallData.CreateNumbers(8, 2000, 6, 300, 0.1)
        : SmallData.Create(8, 2000, 6, classes, 300, 0.1);

    private static TreeEnsemble Train(TrainingSet set, ModelParameters parameters, int threads = 2) =>
        new GradientBoostingTrainer(threads).Train(set, parameters, null, default);
}
