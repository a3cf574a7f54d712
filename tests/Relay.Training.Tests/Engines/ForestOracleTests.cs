using Relay.Training.Engines;
using Relay.Training.Ensembles;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

/// <summary>Trees without chance (all rows, all columns) against every possible split, tried one by one.</summary>
public sealed class ForestOracleTests
{
    public static TheoryData<int, int, int, double> Sets => new()
    {
        { 1, 2, 1000, 0 }, { 2, 3, 6, 0 }, { 3, 5, 4, 0.2 }, { 4, 3, 1000, 0.3 }, { 5, 2, 2, 0.5 },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Train_AllRowsAndColumns_TakesABestSplitAtEveryNode(int seed, int classes, int values, double missing)
    {
        TrainingSet set = SmallData.Create(seed, 90, 4, classes, values, missing);

        Check(set, Grow(set, new ModelParameters { Depth = 5 }), 0, SmallData.AllRows(set), 0, 5, 1, 2);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Train_LeastRows_AreKept(int seed, int classes, int values, double missing)
    {
        TrainingSet set = SmallData.Create(seed, 90, 4, classes, values, missing);

        Check(set, Grow(set, new ModelParameters { MinSamplesLeaf = 4, MinSamplesSplit = 12 }), 0, SmallData.AllRows(set), 0, 20, 4, 12);
    }

    private static Tree Grow(TrainingSet set, ModelParameters parameters)
    {
        ForestParameters resolved = ForestParameters.From(parameters with { Trees = 1, ColumnShare = 1 }) with { Bootstrap = false };
        return new RandomForestTrainer().Train(set, resolved, null, default).Trees[0];
    }

    private static void Check(TrainingSet set, Tree tree, int node, int[] rows, int depth, int most, int leafRows, int splitRows)
    {
        double[] counts = Counts(set, rows);
        double[] scores = rows.Length < splitRows || depth == most || counts.Contains(rows.Length)
            ? []
            : [.. SmallData.Splits(set, rows)
                .Where(s => s.Left.Length >= leafRows && s.Right.Length >= leafRows)
                .Select(s => Score(set, s.Left) + Score(set, s.Right))];
        if (tree.Feature[node] < 0)
        {
            Assert.Empty(scores);
            Assert.Equal(
                counts.Select(c => (float)(c / rows.Length)),
                tree.LeafValues.Skip(tree.Left[node] * set.ClassCount).Take(set.ClassCount));
            return;
        }

        ILookup<bool, int> sides = rows.ToLookup(r => SmallData.GoesLeft(tree, node, set.Columns[tree.Feature[node]][r]));
        int[] left = [.. sides[true]];
        int[] right = [.. sides[false]];
        Assert.NotEmpty(scores);
        Assert.Equal(scores.Max(), Score(set, left) + Score(set, right), 1e-9);
        Check(set, tree, tree.Left[node], left, depth + 1, most, leafRows, splitRows);
        Check(set, tree, tree.Right[node], right, depth + 1, most, leafRows, splitRows);
    }

    // The weighted Gini impurity falls as this rises.
    private static double Score(TrainingSet set, int[] rows) => Counts(set, rows).Sum(c => c * c) / rows.Length;

    private static double[] Counts(TrainingSet set, int[] rows) =>
        [.. Enumerable.Range(0, set.ClassCount).Select(k => (double)rows.Count(r => set.Labels[r] == k))];
}
