using Relay.Training.Engines;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Specs;
using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Tuning;

/// <summary>A spec that asks for a search, through the whole pipeline.</summary>
public sealed class TunedPipelineTests
{
    [Theory]
    [InlineData(ModelTask.Classification, ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelTask.Classification, ModelAlgorithm.RandomForest)]
    [InlineData(ModelTask.Regression, ModelAlgorithm.GradientBoosting)]
    public void Run_Tuned_CardHasTheSearchAndItsParametersGiveTheSameBytes(ModelTask task, ModelAlgorithm algorithm)
    {
        ModelSpec plain = task is ModelTask.Regression ? Regression(algorithm, null) : Classes(algorithm, null);
        ModelSpec spec = plain with { Parameters = new ModelParameters { Trees = 8 }, Tune = new TuneSpec { Candidates = 5 } };

        TrainedModel tuned = Train(spec);

        TuningSummary tuning = tuned.Card.Tuning!;
        Assert.Equal((5, 8), (tuning.Candidates, tuning.Parameters.Trees));
        Assert.InRange(tuning.Loss, 0, tuning.OwnLoss);
        Assert.Equal(spec, tuned.Card.Spec);
        Assert.Equal(tuned.Artifact, Train(spec).Artifact);
        Assert.Equal(tuned.Artifact, Train(spec with { Tune = null, Parameters = tuning.Parameters }).Artifact);
    }

    [Fact]
    public void Run_NotTuned_CardSaysNothing() => Assert.Null(Train(Classes(ModelAlgorithm.RandomForest, null)).Card.Tuning);

    [Fact]
    public void Require_TuneOfAnotherEngine_IsRefused() => Assert.Equal(
        TrainingFault.InvalidSpec,
        Assert.Throws<TrainingException>(() => SpecChecks.Require(
            Classes(ModelAlgorithm.RandomForest, null) with { Engine = "mlnet", Parameters = new(), Tune = new TuneSpec { Candidates = 2 } },
            EngineCatalog.CreateDefault())).Fault);

    [Fact]
    public void Run_TunedWithACheckpoint_IsRefused()
    {
        ModelSpec spec = Classes(ModelAlgorithm.GradientBoosting, null) with { Tune = new TuneSpec { Candidates = 2 } };

        Assert.False(EngineCatalog.CreateDefault().KeepsCheckpoints(spec));
        Assert.Equal(
            TrainingFault.InvalidSpec,
            Assert.Throws<TrainingException>(() => TrainingPipeline.CreateDefault().Run(Job(spec) with { Checkpoint = new TrainingCheckpoint("unused") })).Fault);
    }

    [Fact]
    public void Run_TunedOnShards_IsRefused()
    {
        ModelSpec spec = Classes(ModelAlgorithm.GradientBoosting, null) with { Tune = new TuneSpec { Candidates = 2 } };

        Assert.All(
            ShardThreads.Run(2, shard => Assert.Throws<TrainingException>(
                () => TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, new DataOrigin.Files("a", "b")) { Shards = shard })).Fault),
            fault => Assert.Equal(TrainingFault.InvalidSpec, fault));
    }

    private static TrainedModel Train(ModelSpec spec) =>
        TrainingPipeline.CreateDefault().Run(Job(spec), cancellationToken: TestContext.Current.CancellationToken);
}
