using Relay.Training.Engines;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Specs;
using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Budgets;

/// <summary>Runs that cannot search a small model say so before any file is read.</summary>
public sealed class BudgetRefusalTests
{
    [Theory]
    [InlineData("mlnet")]
    [InlineData("xgboost")]
    public void Require_BudgetOfAnotherEngine_IsRefused(string engine) => Assert.Equal(
        TrainingFault.InvalidSpec,
        Assert.Throws<TrainingException>(() => SpecChecks.Require(
            Classes(ModelAlgorithm.GradientBoosting, null) with { Engine = engine, Parameters = new(), Budget = new BudgetSpec { MaxBytes = 9000 } },
            EngineCatalog.CreateDefault())).Fault);

    [Fact]
    public void Run_WithACheckpoint_IsRefused()
    {
        ModelSpec spec = Classes(ModelAlgorithm.GradientBoosting, null) with { Budget = new BudgetSpec { MaxQualityLoss = 1 } };

        Assert.False(EngineCatalog.CreateDefault().KeepsCheckpoints(spec));
        Assert.Equal(
            TrainingFault.InvalidSpec,
            Assert.Throws<TrainingException>(
                () => TrainingPipeline.CreateDefault().Run(Job(spec) with { Checkpoint = new TrainingCheckpoint("unused") })).Fault);
    }

    [Fact]
    public void Run_OnShards_IsRefused()
    {
        ModelSpec spec = Classes(ModelAlgorithm.GradientBoosting, null) with { Budget = new BudgetSpec { MaxQualityLoss = 1 } };

        Assert.All(
            ShardThreads.Run(2, shard => Assert.Throws<TrainingException>(
                () => TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, new DataOrigin.Files("a", "b")) { Shards = shard })).Fault),
            fault => Assert.Equal(TrainingFault.InvalidSpec, fault));
    }
}
