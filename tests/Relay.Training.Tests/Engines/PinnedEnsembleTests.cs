using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

/// <summary>Digests of ensembles that earlier versions grew from the same rows: a change that moves one bit of a model shows here.
/// Only what sums, products and square roots make is pinned, as these are the same bits on every processor.</summary>
public sealed class PinnedEnsembleTests
{
    private static readonly ModelParameters Sampled = new()
    {
        Trees = 40,
        Depth = 5,
        LearningRate = 0.1,
        Subsample = 0.7,
        FeatureFraction = 0.6,
        EarlyStoppingRounds = 8,
        ValidationFraction = 0.2,
        MinChildWeight = 2,
        MinSamplesLeaf = 3,
        MinSamplesSplit = 9,
        L2 = 0.5,
        Seed = 11,
    };

    private static TrainingSet Classes => SmallData.Create(5, 900, 6, 3, 200, 0.1);

    private static TrainingSet Numbers => SmallData.CreateNumbers(6, 900, 5, 300, 0.1);

    [Fact]
    public void Train_BoostingOfNumbers_SameBitsAsEver() => AssertPinned(
        "0771e3c65a6b8a9f9f10e62830a6a0e2d61633dc7941def05e5390a78484df1a", ModelAlgorithm.GradientBoosting, ModelTask.Regression, Numbers,
        new ModelParameters { Trees = 10 });

    [Fact]
    public void Train_SampledBoostingWithEarlyStopping_SameBitsAsEver() => AssertPinned(
        "3b7b185e088332f55cd4a309a55f1ed2444639bfd39fd79a8ea9f3dfd82984fb", ModelAlgorithm.GradientBoosting, ModelTask.Regression,
        Numbers.Weighted(), Sampled);

    [Fact]
    public void Train_ForestOfClasses_SameBitsAsEver() => AssertPinned(
        "d7cfe36881820c6a7f81925a47b6a95ce9887df210e6e4fb805b774df91866b0", ModelAlgorithm.RandomForest, ModelTask.Classification, Classes,
        new ModelParameters { Trees = 10 });

    [Fact]
    public void Train_WeightedForestOfNumbers_SameBitsAsEver() => AssertPinned(
        "f3c7684f9b1630935f00f554d12370cd3173d843437f13bb16346b686f7fd65d", ModelAlgorithm.RandomForest, ModelTask.Regression, Numbers.Weighted(),
        new ModelParameters { Trees = 10, Depth = 8, MinSamplesLeaf = 2, MinSamplesSplit = 6, FeatureFraction = 0.5, Seed = 3 });

    private static void AssertPinned(string expected, ModelAlgorithm algorithm, ModelTask task, TrainingSet set, ModelParameters parameters)
    {
        ModelSpec spec = Data.CsvFolder.Spec with { Algorithm = algorithm, Task = task, Parameters = parameters };

        TreeEnsemble ensemble = EngineCatalog.CreateDefault().Create(spec, 2).Train(set, parameters, null, TestContext.Current.CancellationToken);

        Assert.Equal(expected, EnsembleDigest.Compute(ensemble));
    }
}
