using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Common;

/// <summary>Trees that memory cannot hold end a run while they grow, on any number of threads and in each engine of trees.</summary>
public sealed class EnsembleMemoryTests
{
    private static readonly TrainingSet Rows = SmallData.Create(1, 400, 4, 3, 100, 0);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Train_ForestOverMemory_RefusedBeforeAllTreesAreGrown(int threads)
    {
        long one = BytesOf(Grow(new RandomForestTrainer(threads), new ModelParameters { Trees = 1 }));
        List<TrainingProgress> told = [];

        TrainingException refused = Assert.Throws<TrainingException>(() => Grow(
            new RandomForestTrainer(threads) { MemoryBytes = 3 * one }, new ModelParameters { Trees = 1000 }, new Recorder(told)));

        Assert.Equal(TrainingFault.OutOfMemory, refused.Fault);
        Assert.True(told.Count < 100, $"{told.Count} trees were grown");
    }

    [Fact]
    public void Train_ForestThatPrunes_CountsWhatIsKept()
    {
        ModelParameters few = new() { Trees = 50, Leaves = 2 };
        long bytes = BytesOf(Grow(new RandomForestTrainer(), few));

        Assert.Equal(50, Grow(new RandomForestTrainer { MemoryBytes = bytes }, few).Trees.Count);
        Assert.Throws<TrainingException>(() => Grow(new RandomForestTrainer { MemoryBytes = bytes - 1 }, few));
    }

    [Fact]
    public void GrowPrunable_OverMemory_Refused() => Assert.Equal(
        TrainingFault.OutOfMemory,
        Assert.Throws<TrainingException>(() => new RandomForestTrainer { MemoryBytes = 10_000 }.GrowPrunable(
            Rows, ForestParameters.From(new ModelParameters { Trees = 1000 }), null, TestContext.Current.CancellationToken)).Fault);

    [Fact]
    public void Train_BoostingOverMemory_RefusedBeforeAllRounds()
    {
        long one = BytesOf(Grow(new GradientBoostingTrainer(), new ModelParameters { Trees = 1 }));
        List<TrainingProgress> told = [];

        TrainingException refused = Assert.Throws<TrainingException>(() => Grow(
            new GradientBoostingTrainer { MemoryBytes = 3 * one }, new ModelParameters { Trees = 1000 }, new Recorder(told)));

        Assert.Equal(TrainingFault.OutOfMemory, refused.Fault);
        Assert.True(told.Count < 100, $"{told.Count} rounds were grown");
    }

    [Fact]
    public void Add_MoreNodesThanAFileHolds_Refused()
    {
        EnsembleMemory memory = new(long.MaxValue);
        memory.Add(80_000_000, 0);

        TrainingException refused = Assert.Throws<TrainingException>(() => memory.Add(20_000_000, 0));

        Assert.Contains("2 GiB", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ManyClasses_CountsTheValuesOfLeaves()
    {
        Tree tree = new()
        {
            Feature = [-1],
            Threshold = [0],
            Left = [0],
            Right = [0],
            MissingLeft = [false],
            Output = -1,
            LeafValues = new float[1000],
        };

        Assert.Throws<TrainingException>(() => new EnsembleMemory(2 * EnsembleMemory.NodeBytes).Add(tree));
    }

    private static TreeEnsemble Grow(IEnsembleTrainer trainer, ModelParameters parameters, IProgress<TrainingProgress>? progress = null) =>
        trainer.Train(Rows, parameters, progress, TestContext.Current.CancellationToken);

    private static long BytesOf(TreeEnsemble ensemble) => ensemble.Trees.Sum(tree =>
        ((long)tree.NodeCount * EnsembleMemory.NodeBytes) + (tree.LeafValues.Length * 2L * sizeof(float)));

    private sealed class Recorder(List<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            lock (told)
            {
                told.Add(value);
            }
        }
    }
}
