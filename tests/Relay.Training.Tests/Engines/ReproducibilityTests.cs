using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

public sealed class ReproducibilityTests
{
    public static TheoryData<ModelAlgorithm, int> Cases => new()
    {
        { ModelAlgorithm.RandomForest, 2 }, { ModelAlgorithm.RandomForest, 4 },
        { ModelAlgorithm.GradientBoosting, 2 }, { ModelAlgorithm.GradientBoosting, 4 },
    };

    // More distinct values than bins, missing values and equal rows.
    private static TrainingSet Set(int classes) => SmallData.Create(11, 12_000, 6, classes, 900, 0.05);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_AnyNumberOfThreads_GivesTheSameBits(ModelAlgorithm algorithm, int classes)
    {
        TrainingSet set = Set(classes);

        string[] digests = [.. new[] { 1, 2, 3 }.Select(threads => EnsembleDigest.Compute(Train(algorithm, set, threads, 12)))];

        Assert.Single(digests.Distinct());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Train_BoostingOnRowsInOtherOrder_GivesTheSameBits(int classes)
    {
        TrainingSet set = Set(classes);
        int[] order = [.. Enumerable.Range(0, set.RowCount)];
        new Random(5).Shuffle(order);
        TrainingSet shuffled = new(
            [.. set.Columns.Select(c => order.Select(r => c[r]).ToArray())], [.. order.Select(r => set.Labels[r])], classes);

        Assert.Equal(
            EnsembleDigest.Compute(Train(ModelAlgorithm.GradientBoosting, set, 2, 12)),
            EnsembleDigest.Compute(Train(ModelAlgorithm.GradientBoosting, shuffled, 2, 12)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_MoreOrOtherTrees_GivesAnotherDigest(ModelAlgorithm algorithm, int classes) =>
        Assert.NotEqual(
            EnsembleDigest.Compute(Train(algorithm, Set(classes), 2, 3)), EnsembleDigest.Compute(Train(algorithm, Set(classes), 2, 4)));

    [Fact]
    public void Train_ForestWithOtherSeed_GivesAnotherDigest()
    {
        TrainingSet set = Set(3);
        RandomForestTrainer trainer = new();

        Assert.NotEqual(
            EnsembleDigest.Compute(trainer.Train(set, new ModelParameters { Trees = 2, Seed = 1 }, null, default)),
            EnsembleDigest.Compute(trainer.Train(set, new ModelParameters { Trees = 2, Seed = 2 }, null, default)));
    }

    private static TreeEnsemble Train(ModelAlgorithm algorithm, TrainingSet set, int threads, int trees)
    {
        IEnsembleTrainer trainer = algorithm == ModelAlgorithm.RandomForest
            ? new RandomForestTrainer(threads)
            : new GradientBoostingTrainer(threads);
        return trainer.Train(set, new ModelParameters { Trees = trees }, null, default);
    }
}
