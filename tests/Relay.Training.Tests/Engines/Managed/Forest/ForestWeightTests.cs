using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Forest;

public sealed class ForestWeightTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(1, true)]
    public void Train_WholeWeightsWithoutBootstrap_AreEqualRows(int classes, bool numbers)
    {
        TrainingSet set = SmallData.Create(3, 300, 5, classes, 40, 0.1).Weighted();
        set = numbers ? set.WithTargets() : set;

        Assert.Equal(Digest(set.Repeated(), bootstrap: false), Digest(set, bootstrap: false));
        Assert.NotEqual(Digest(set with { SampleWeights = null }, bootstrap: false), Digest(set, bootstrap: false));
    }

    [Theory]
    [InlineData(1f, false)]
    [InlineData(0.125f, false)]
    [InlineData(1024f, false)]
    [InlineData(1f, true)]
    [InlineData(0.125f, true)]
    public void Train_AllWeightsEqual_AreNoWeights(float weight, bool numbers)
    {
        TrainingSet set = SmallData.Create(3, 300, 5, 3, 40, 0.1);
        set = numbers ? set.WithTargets() : set;
        TrainingSet weighted = set with { SampleWeights = [.. Enumerable.Repeat(weight, set.RowCount)] };

        Assert.Equal(Digest(set, bootstrap: true), Digest(weighted, bootstrap: true));
    }

    [Fact]
    public void Train_HeavyClass_IsBelievedMore()
    {
        Random random = new(4);
        float[] column = [.. Enumerable.Range(0, 1000).Select(_ => random.NextSingle())];
        TrainingSet set = new([column], [.. column.Select(v => random.NextSingle() < v ? 1 : 0)], 2);
        TrainingSet heavy = set with { SampleWeights = [.. set.Labels.Select(l => l == 1 ? 9f : 1f)] };
        ModelParameters parameters = new() { Trees = 50, MinSamplesLeaf = 100 };

        double before = new EnsembleEvaluator(new RandomForestTrainer().Train(set, parameters, null, default)).Probabilities([[0.5f]])[1];
        double after = new EnsembleEvaluator(new RandomForestTrainer().Train(heavy, parameters, null, default)).Probabilities([[0.5f]])[1];

        Assert.InRange(after / (1 - after) / (before / (1 - before)), 6, 13);
    }

    [Fact]
    public void Train_WeightsAMillionTimesApart_CountAsTheyAre()
    {
        // One leaf: a million light rows' worth against one heavy row.
        TrainingSet set = new([new float[11]], [.. Enumerable.Repeat(0, 10), 1], 2) { SampleWeights = [.. Enumerable.Repeat(0.1f, 10), 1e5f] };

        TreeEnsemble forest = Train(set, bootstrap: false);

        Assert.Equal(1 / 100_001.0, new EnsembleEvaluator(forest).Probabilities([[0f]])[0], 1e-9);
    }

    private static string Digest(TrainingSet set, bool bootstrap) => EnsembleDigest.Compute(Train(set, bootstrap));

    private static TreeEnsemble Train(TrainingSet set, bool bootstrap) => new RandomForestTrainer(2).Train(
        set, ForestParameters.From(new ModelParameters { Trees = 5 }) with { Bootstrap = bootstrap }, null, default);
}
