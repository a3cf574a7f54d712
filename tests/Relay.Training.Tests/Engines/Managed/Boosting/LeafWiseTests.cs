using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Boosting;

public sealed class LeafWiseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_OneTree_IsThatOfTheBestLeafFirstByBruteForce(int seed)
    {
        TrainingSet set = SmallData.CreateNumbers(seed, 80, 3, seed == 2 ? 5 : 1000, 0.1 * seed);
        ModelParameters parameters = new() { Trees = 1, Leaves = 7, LearningRate = 1, L2 = 0.5, MinChildWeight = 0, MinSamplesLeaf = 3 };

        TreeEnsemble ensemble = new GradientBoostingTrainer().Train(set, parameters, null, TestContext.Current.CancellationToken);

        Tree tree = ensemble.Trees[0];
        double[] errors = [.. set.Targets!.Select(target => (double)ensemble.BaseValues[0] - target)];
        double Score(int[] rows) => Math.Pow(rows.Sum(r => errors[r]), 2) / (rows.Length + parameters.L2.Value);

        List<int[]> leaves = [SmallData.AllRows(set)];
        for (int count = 1; count < 7; count++)
        {
            (int[] Leaf, int[] Left, int[] Right, double Gain) best = leaves
                .SelectMany(leaf => SmallData.Splits(set, leaf).Select(s => (Leaf: leaf, s.Left, s.Right,
                    Gain: Score(s.Left) + Score(s.Right) - Score(leaf))))
                .Where(s => s.Left.Length >= 3 && s.Right.Length >= 3)
                .MaxBy(s => s.Gain);
            leaves.Remove(best.Leaf);
            leaves.AddRange([best.Left, best.Right]);
        }

        string[] expected = [.. leaves.Select(leaf => string.Join(',', leaf.Order())).Order(StringComparer.Ordinal)];
        string[] found = [.. SmallData.AllRows(set).GroupBy(row => SmallData.Leaf(tree, set, row)).Select(g => string.Join(',',
            g.Order())).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, found);
        Assert.All(leaves, leaf => Assert.Equal(
            -leaf.Sum(r => errors[r]) / (leaf.Length + 0.5), tree.LeafValues[SmallData.Leaf(tree, set, leaf[0])], 1e-4));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(31)]
    public void Train_Leaves_NoTreeHasMore(int leaves)
    {
        TreeEnsemble ensemble =
            Train(SmallData.Create(4, 900, 5, 3, 200, 0.1), new ModelParameters { Trees = 5, Leaves = leaves, MinChildWeight = 0 });

        Assert.Equal(leaves, ensemble.Trees.Max(tree => tree.LeafValues.Length));
    }

    [Fact]
    public void Train_LeavesAndDepth_BothHold()
    {
        TrainingSet set = SmallData.Create(4, 900, 5, 3, 200, 0.1);

        Assert.Equal(3, Train(set, new ModelParameters { Trees = 5, Leaves = 31, Depth = 3 }).Trees.Max(tree => Depth(tree, 0)));
        Assert.InRange(Train(set, new ModelParameters { Trees = 5, Leaves = 31 }).Trees.Max(tree => Depth(tree, 0)), 7, 30);
    }

    [Fact]
    public void Train_AsManyLeavesAsLevelsCanHave_GivesTheTreesOfLevels()
    {
        TrainingSet set = SmallData.Create(4, 900, 5, 3, 200, 0.1);

        Assert.Equal(
            EnsembleDigest.Compute(Train(set, new ModelParameters { Trees = 5, Depth = 4 })),
            EnsembleDigest.Compute(Train(set, new ModelParameters { Trees = 5, Depth = 4, Leaves = 16 })));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Train_HistogramsThatDoNotFit_GivesTheSameBits(int classes)
    {
        TrainingSet set = SmallData.Create(11, 3000, 6, classes, 900, 0.05);
        ModelParameters parameters = new() { Trees = 4, Leaves = 40, MinSamplesLeaf = 5 };

        string[] digests =
        [
            .. from bytes in new long?[] { null, 0 }
               from threads in new[] { 1, 2, 3 }
               select EnsembleDigest.Compute(
                   new GradientBoostingTrainer(threads) { HistogramBytes = bytes }.Train(
                       set, parameters, null, TestContext.Current.CancellationToken)),
        ];

        Assert.Single(digests.Distinct());
    }

    private static TreeEnsemble Train(TrainingSet set, ModelParameters parameters) =>
        new GradientBoostingTrainer(2).Train(set, parameters, null, TestContext.Current.CancellationToken);

    private static int Depth(Tree tree, int node) =>
        tree.Feature[node] < 0 ? 0 : 1 + Math.Max(Depth(tree, tree.Left[node]), Depth(tree, tree.Right[node]));
}
