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
    public void Train_RareClassInManyRows_ItsSplitIsAmongTheFirst()
    {
        // The first column parts two large classes in steps, each of which gains more than the second, which shows the rare class.
        Random random = new(3);
        int[] labels = [.. Enumerable.Range(0, 4000).Select(row => row % 100 == 0 ? 2 : random.Next(2))];
        TrainingSet set = new(
            [
                [.. labels.Select((label, row) => label == 2 ? row % 7 : (2 * (row % 40)) + ((label + (row % 40)) % 2))],
                [.. labels.Select(label => label == 2 ? 1f : 0f)],
            ],
            labels, 3);

        TreeEnsemble small = Train(set, new ModelParameters { Trees = 1, Leaves = 4, FeatureFraction = 1 });

        Assert.Contains(1, small.Trees[0].Feature);
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
