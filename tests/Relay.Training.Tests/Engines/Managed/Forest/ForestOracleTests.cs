using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Forest;

/// <summary>Trees without chance (all rows, all columns) against every possible split, tried one by one.</summary>
public sealed class ForestOracleTests
{
    public static TheoryData<int, int, int, double, bool> Sets
    {
        get
        {
            TheoryData<int, int, int, double, bool> sets = [];
            foreach (bool weighted in new[] { false, true })
            {
                sets.Add(1, 2, 1000, 0, weighted);
                sets.Add(2, 3, 6, 0, weighted);
                sets.Add(3, 5, 4, 0.2, weighted);
                sets.Add(4, 3, 1000, 0.3, weighted);
                sets.Add(5, 2, 2, 0.5, weighted);
            }

            return sets;
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Train_AllRowsAndColumns_TakesABestSplitAtEveryNode(int seed, int classes, int values, double missing, bool weighted)
    {
        TrainingSet set = Set(seed, classes, values, missing, weighted);

        Check(set, Grow(set, new ModelParameters { Depth = 5 }), 0, SmallData.AllRows(set), 0, 5, 1, 2);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Train_LeastRows_AreKept(int seed, int classes, int values, double missing, bool weighted)
    {
        TrainingSet set = Set(seed, classes, values, missing, weighted);

        Check(set, Grow(set, new ModelParameters { MinSamplesLeaf = 4, MinSamplesSplit = 12 }), 0, SmallData.AllRows(set), 0, 20, 4, 12);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Train_Numbers_TakesTheSplitOfLeastVarianceAtEveryNode(int seed, int classes, int values, double missing, bool weighted)
    {
        TrainingSet set = Set(seed, classes, values, missing, weighted).WithTargets();

        Check(set, Grow(set, new ModelParameters { Depth = 5 }), 0, SmallData.AllRows(set), 0, 5, 1, 2);
        Check(set, Grow(set, new ModelParameters { MinSamplesLeaf = 4, MinSamplesSplit = 12 }), 0, SmallData.AllRows(set), 0, 20, 4, 12);
    }

    private static TrainingSet Set(int seed, int classes, int values, double missing, bool weighted)
    {
        TrainingSet set = SmallData.Create(seed, 90, 4, classes, values, missing);
        return weighted ? set.Weighted() : set;
    }

    private static TreeEnsemble Grow(TrainingSet set, ModelParameters parameters)
    {
        ForestParameters resolved = ForestParameters.From(parameters with { Trees = 1, FeatureFraction = 1 }) with { Bootstrap = false };
        return new RandomForestTrainer().Train(set, resolved, null, default);
    }

    private static void Check(TrainingSet set, TreeEnsemble forest, int node, int[] rows, int depth, int most, int leafRows, int splitRows)
    {
        Tree tree = forest.Trees[0];
        double impurity = Impurity(set, rows);
        double[] scores = rows.Length < splitRows || depth == most || IsPure(set, rows)
            ? []
            : [.. SmallData.Splits(set, rows)
                .Where(s => s.Left.Length >= leafRows && s.Right.Length >= leafRows)
                .Select(s => Impurity(set, s.Left) + Impurity(set, s.Right))];
        if (tree.Feature[node] < 0)
        {
            Assert.Empty(scores);
            double[] expected = [.. Sums(set, rows).Select(s => s / Weight(set, rows))];
            Assert.All(expected, (value, k) => Assert.Equal(
                value, tree.LeafValues[(tree.Left[node] * expected.Length) + k] + forest.BaseValues[k],
                1e-6 * (1 + Math.Abs(forest.BaseValues[k]) + Math.Abs(value))));
            return;
        }

        ILookup<bool, int> sides = rows.ToLookup(r => SmallData.GoesLeft(tree, node, set.Columns[tree.Feature[node]][r]));
        int[] left = [.. sides[true]];
        int[] right = [.. sides[false]];
        Assert.NotEmpty(scores);
        Assert.Equal(scores.Min(), Impurity(set, left) + Impurity(set, right), 1e-9 * (1 + impurity));
        Check(set, forest, tree.Left[node], left, depth + 1, most, leafRows, splitRows);
        Check(set, forest, tree.Right[node], right, depth + 1, most, leafRows, splitRows);
    }

    private static bool IsPure(TrainingSet set, int[] rows) =>
        rows.Select(r => set.Targets?[r] ?? set.Labels[r]).Distinct().Count() == 1;

    // Weight times Gini impurity, or weight times variance.
    private static double Impurity(TrainingSet set, int[] rows)
    {
        double weight = Weight(set, rows);
        double[] sums = Sums(set, rows);
        return set.Targets is { } targets
            ? rows.Sum(r => Weight(set, [r]) * Math.Pow(targets[r] - (sums[0] / weight), 2))
            : weight * (1 - sums.Sum(s => s / weight * (s / weight)));
    }

    private static double[] Sums(TrainingSet set, int[] rows) => set.Targets is { } targets
        ? [rows.Sum(r => Weight(set, [r]) * targets[r])]
        : [.. Enumerable.Range(0, set.ClassCount).Select(k => rows.Where(r => set.Labels[r] == k).Sum(r => Weight(set, [r])))];

    private static double Weight(TrainingSet set, int[] rows) => rows.Sum(r => (double)(set.SampleWeights?[r] ?? 1));
}
