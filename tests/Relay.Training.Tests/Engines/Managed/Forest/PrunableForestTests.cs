using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Tests.Data;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Forest;

/// <summary>A forest with a bound on leaves keeps the splits that gain most, and one forest gives all smaller ones.</summary>
public sealed class PrunableForestTests
{
    private static readonly ModelParameters Given = new() { Trees = 6, Depth = 8 };

    public static TheoryData<string> Kinds => ["classes", "weights", "numbers"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Prune_ToTreesAndLeaves_IsTheForestThatTheseParametersGrow(string kind)
    {
        TrainingSet set = Set(kind);
        PrunableForest whole = new RandomForestTrainer(2).GrowPrunable(set, ForestParameters.From(Given), null, Token);

        foreach ((int trees, int leaves) in new[] { (1, 2), (3, 5), (6, 17), (4, 1000) })
        {
            TreeEnsemble grown = Train(set, Given with { Trees = trees, Leaves = leaves });
            Assert.Equal(EnsembleDigest.Compute(grown), EnsembleDigest.Compute(whole.Prune(trees, leaves)));
            Assert.All(grown.Trees, tree => Assert.InRange((tree.NodeCount + 1) / 2, 1, leaves));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_MoreLeavesThanThereAre_SameForestAndImportanceAsWithout(string kind)
    {
        TreeEnsemble bounded = Train(Set(kind), Given with { Leaves = 65_536 });
        TreeEnsemble free = Train(Set(kind), Given);

        Assert.Equal(EnsembleDigest.Compute(free), EnsembleDigest.Compute(bounded));
        Assert.Equal(free.Importance, bounded.Importance);
    }

    [Fact]
    public void Train_FewerLeaves_ImportanceIsOfTheSplitsThatAreLeft()
    {
        TreeEnsemble stump = Train(Set("classes"), Given with { Trees = 1, Leaves = 2 });

        int split = Assert.Single(stump.Trees).Feature[0];
        Assert.Equal(1, stump.Importance![split], 1e-9);
        Assert.Equal(1, stump.Importance!.Sum(), 1e-9);
    }

    [Fact]
    public void Prune_SplitForARareClass_IsKeptBeforeOneOfPlainlyLargerGain()
    {
        // Column 1 tells two large classes apart somewhat, column 2 ten rows of the third class from 1,990 of the first.
        Tree full = new()
        {
            Feature = [0, 1, -1, -1, 2, -1, -1],
            Threshold = [0, 0, 0, 0, 0, 0, 0],
            Left = [1, 2, 0, 1, 5, 2, 3],
            Right = [4, 3, 0, 0, 6, 0, 0],
            MissingLeft = new bool[7],
            Output = -1,
            LeafValues = new float[12],
        };
        double[][] rows = [[3190, 800, 10], [1200, 800, 0], [700, 300, 0], [500, 500, 0], [1990, 0, 10], [1990, 0, 0], [0, 0, 10]];
        long[] weights = [.. rows.Select(node => (long)node.Sum())];
        double[] values = [.. rows.SelectMany((node, i) => node.Select(count => count / weights[i]))];

        Tree pruned = new PrunableTree(full, [0, 1, -1, -1, 2, -1, -1], [100, 40, 0, 0, 19.9, 0, 0], values, weights, slots: 3).Prune(3, 1, null);

        Assert.Equal([0, -1, 2, -1, -1], pruned.Feature);
        Assert.Equal([0.6f, 0.4f, 0, 1, 0, 0, 0, 0, 1], pruned.LeafValues);
    }

    [Fact]
    public void Train_AnyNumberOfShards_SameForest()
    {
        using CsvFolder folder = new();
        ModelSpec spec = TaskRows.Classes(ModelAlgorithm.RandomForest, null);
        DataSource source = new(spec, folder.Write("rows.csv", TaskRows.Csv(spec, 1, 400).Split('\n')), null);

        string[] digests =
        [
            .. new[] { 1, 2, 3 }.SelectMany(size => ShardThreads.Run(size, shard => EnsembleDigest.Compute(new RandomForestTrainer(1).Train(
                DataLoader.LoadBinned(source, shard, 1).Train, Given with { Leaves = 6 }, null, Token)))),
        ];

        Assert.Single(digests.Distinct());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static TrainingSet Set(string kind)
    {
        TrainingSet set = SmallData.Create(5, 300, 4, 3, 20, 0.1);
        return kind switch { "weights" => set.Weighted(), "numbers" => set.WithTargets(), _ => set };
    }

    private static TreeEnsemble Train(TrainingSet set, ModelParameters parameters) =>
        new RandomForestTrainer(2).Train(set, parameters, null, Token);
}
