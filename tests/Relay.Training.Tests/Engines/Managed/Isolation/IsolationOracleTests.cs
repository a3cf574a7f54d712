using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Isolation;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Isolation;

/// <summary>Every tree against the paper's own words (Liu, Ting and Zhou 2008, algorithms 1 to 3), on the same drawn rows.</summary>
public sealed class IsolationOracleTests
{
    public static TheoryData<int, int, int, double> Sets => new()
    {
        { 1, 400, 1000, 0 }, { 2, 40, 6, 0 }, { 3, 300, 3, 0.2 }, { 4, 9, 1000, 0.5 }, { 5, 2, 50, 0 },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Train_EveryNode_IsAsThePaperSays(int seed, int rows, int values, double missing)
    {
        TrainingSet set = Set(seed, rows, values, missing);
        ModelParameters parameters = new() { Trees = 20, SamplesPerTree = 64, Seed = (ulong)seed };

        TreeEnsemble forest = new IsolationForestTrainer(2).Train(set, parameters, null, default);

        int samples = Math.Min(64, rows);
        for (int t = 0; t < forest.Trees.Count; t++)
        {
            int[] drawn = Draw(set, t, samples, parameters.Seed!.Value);
            Assert.Equal(samples, drawn.Distinct().Count());
            Check(set, forest.Trees[t], 0, drawn, 0, (int)Math.Ceiling(Math.Log2(samples)));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Probabilities_EveryRow_IsMinusTwoToThePathLengthByThatOfTheSample(int seed, int rows, int values, double missing)
    {
        TrainingSet set = Set(seed, rows, values, missing);
        ModelParameters parameters = new() { Trees = 50, SamplesPerTree = 32, Seed = (ulong)seed };

        TreeEnsemble forest = new IsolationForestTrainer(2).Train(set, parameters, null, default);

        float[] scores = new EnsembleEvaluator(forest).Probabilities(set.Columns);
        int samples = Math.Min(32, rows);
        for (int row = 0; row < rows; row++)
        {
            double path = Enumerable.Range(0, 50).Average(
                t => Path(set, forest.Trees[t], 0, Draw(set, t, samples, parameters.Seed!.Value), row, 0));
            Assert.Equal(-Math.Pow(2, -path / C(samples)), scores[row], 2e-6);
        }
    }

    // Four columns, and one that never varies.
    private static TrainingSet Set(int seed, int rows, int values, double missing)
    {
        TrainingSet set = SmallData.Create(seed, rows, 4, 1, values, missing);
        return set with { Columns = [.. set.Columns, new float[rows]] };
    }

    private static int[] Draw(TrainingSet set, int tree, int samples, ulong seed)
    {
        RandomStream random = new(seed, tree);
        int[] rows = new int[samples];
        new RowSubsampler([.. Enumerable.Repeat(1L, set.RowCount)]).Draw(ref random, rows);
        return rows;
    }

    // Algorithm 2: a leaf at the height limit or where nothing is left to part, else a random value between the extremes.
    private static void Check(TrainingSet set, Tree tree, int node, int[] rows, int depth, int limit)
    {
        bool canSplit = set.Columns.Any(c => Values(c, rows).Distinct().Count() > 1);
        if (depth == limit || rows.Length == 1 || !canSplit)
        {
            Assert.Equal(-1, tree.Feature[node]);
            return;
        }

        float[] column = set.Columns[tree.Feature[node]];
        float[] values = Values(column, rows);
        Assert.True(values.Min() <= tree.Threshold[node] && tree.Threshold[node] < values.Max());
        int low = values.Count(v => v <= tree.Threshold[node]);
        Assert.Equal(low * 2 >= values.Length, tree.MissingLeft[node]);
        ILookup<bool, int> sides = rows.ToLookup(r => SmallData.GoesLeft(tree, node, column[r]));
        Check(set, tree, tree.Left[node], [.. sides[true]], depth + 1, limit);
        Check(set, tree, tree.Right[node], [.. sides[false]], depth + 1, limit);
    }

    // Algorithm 3.
    private static double Path(TrainingSet set, Tree tree, int node, int[] rows, int row, int depth)
    {
        if (tree.Feature[node] < 0)
        {
            return depth + C(rows.Length);
        }

        float[] column = set.Columns[tree.Feature[node]];
        bool left = SmallData.GoesLeft(tree, node, column[row]);
        return Path(
            set, tree, left ? tree.Left[node] : tree.Right[node],
            [.. rows.Where(r => SmallData.GoesLeft(tree, node, column[r]) == left)], row, depth + 1);
    }

    private static double C(int rows) =>
        rows < 2 ? 0 : rows == 2 ? 1 : (2 * (Math.Log(rows - 1) + 0.5772156649)) - (2.0 * (rows - 1) / rows);

    private static float[] Values(float[] column, int[] rows) => [.. rows.Select(r => column[r]).Where(v => !float.IsNaN(v))];
}
