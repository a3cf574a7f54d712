using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Tests.Engines.Common.Checkpoints;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Boosting;

/// <summary>Every tree of several rounds against derivatives in double and every possible split, tried one by one.</summary>
public sealed class BoostingOracleTests
{
    private const int Rounds = 4;
    private const double FixedPointError = 1e-4;

    public static TheoryData<int, int, int, double, double, int> Sets => new()
    {
        { 1, 2, 1000, 0, 1, 1 }, { 2, 3, 6, 0, 1, 1 }, { 3, 4, 4, 0.2, 0, 1 },
        { 4, 2, 3, 0.4, 0.5, 1 }, { 5, 3, 1000, 0.3, 2, 5 }, { 6, 2, 8, 0.1, 0, 7 },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Train_EveryRound_TakesABestSplitAndTheNewtonStep(
        int seed, int classes, int values, double missing, double childWeight, int leafRows) =>
        Check(SmallData.Create(seed, 120, 4, classes, values, missing), childWeight, leafRows);

    [Theory]
    [MemberData(nameof(Sets))]
    public void Train_Weighted_TakesABestSplitAndTheNewtonStep(
        int seed, int classes, int values, double missing, double childWeight, int leafRows)
    {
        TrainingSet set = SmallData.Create(seed, 120, 4, classes, values, missing);

        Check(set with { SampleWeights = SmallData.Numbers(set, seed, 0.1f, 3) }, childWeight, leafRows);
    }

    [Theory]
    [InlineData(1, 1000, 0, 1, 1)]
    [InlineData(2, 6, 0.3, 3, 4)]
    [InlineData(3, 1000, 0.1, 0, 1)]
    public void Train_Numbers_TakesABestSplitAndTheNewtonStep(int seed, int values, double missing, double childWeight, int leafRows)
    {
        TrainingSet set = SmallData.CreateNumbers(seed, 120, 4, values, missing);

        Check(set, childWeight, leafRows);
        Check(set with { SampleWeights = SmallData.Numbers(set, seed, 0.2f, 5) }, childWeight, leafRows);
    }

    private static void Check(TrainingSet set, double childWeight, int leafRows)
    {
        ModelParameters parameters = new()
        {
            Trees = Rounds,
            Depth = 4,
            LearningRate = 0.4,
            L2 = 0.7,
            MinChildWeight = childWeight,
            MinSamplesLeaf = leafRows,
        };

        TreeEnsemble ensemble = new GradientBoostingTrainer().Train(set, parameters, null, default);

        int outputs = ensemble.OutputCount;
        Assert.Equal(Rounds * outputs, ensemble.Trees.Count);
        double[][] scores = [.. Enumerable.Range(0, set.RowCount).Select(_ => ensemble.BaseValues.Select(b => (double)b).ToArray())];
        for (int round = 0; round < Rounds; round++)
        {
            Tree[] trees = [.. ensemble.Trees.Skip(round * outputs).Take(outputs)];
            Assert.Equal(Enumerable.Range(0, outputs), trees.Select(t => t.Output));
            foreach (Tree tree in trees)
            {
                (double G, double H)[] derivatives = [.. scores.Select((s, row) => Derive(set, row, s, tree.Output))];
                new Oracle(set, tree, parameters, derivatives).Check(0, SmallData.AllRows(set), 0);
            }

            for (int row = 0; row < set.RowCount; row++)
            {
                foreach (Tree tree in trees)
                {
                    scores[row][tree.Output] += tree.LeafValues[SmallData.Leaf(tree, set, row)];
                }
            }
        }
    }

    private static (double G, double H) Derive(TrainingSet set, int row, double[] scores, int output)
    {
        double weight = set.SampleWeights?[row] ?? 1;
        if (set.Targets is not null)
        {
            return (weight * (scores[0] - set.Targets[row]), weight);
        }

        if (scores.Length == 1)
        {
            double sigmoid = 1 / (1 + Math.Exp(-scores[0]));
            return (weight * (sigmoid - set.Labels[row]), weight * sigmoid * (1 - sigmoid));
        }

        double p = Math.Exp(scores[output]) / scores.Sum(Math.Exp);
        return (weight * (p - (output == set.Labels[row] ? 1 : 0)), weight * 2 * p * (1 - p));
    }

    private sealed class Oracle(TrainingSet set, Tree tree, ModelParameters parameters, (double G, double H)[] derivatives)
    {
        public void Check(int node, int[] rows, int depth)
        {
            double best = depth == parameters.Depth || rows.Length < 2 ? 0 : SmallData.Splits(set, rows)
                .Where(s => Math.Min(s.Left.Length, s.Right.Length) >= parameters.MinSamplesLeaf
                    && Math.Min(H(s.Left), H(s.Right)) >= parameters.MinChildWeight)
                .Select(s => Gain(rows, s.Left, s.Right))
                .DefaultIfEmpty()
                .Max();
            if (tree.Feature[node] < 0)
            {
                Assert.InRange(best, double.NegativeInfinity, Tolerance(rows));
                double step = -G(rows) / (H(rows) + parameters.L2!.Value) * parameters.LearningRate!.Value;
                Assert.Equal(step, tree.LeafValues[tree.Left[node]], 1e-5 + (1e-6 * _largest));
                return;
            }

            ILookup<bool, int> sides = rows.ToLookup(r => SmallData.GoesLeft(tree, node, set.Columns[tree.Feature[node]][r]));
            int[] left = [.. sides[true]];
            int[] right = [.. sides[false]];
            Assert.Equal(best, Gain(rows, left, right), Tolerance(rows));
            Check(tree.Left[node], left, depth + 1);
            Check(tree.Right[node], right, depth + 1);
        }

        // Scores and leaf values are float32, so errors are relative to the largest.
        private readonly double _largest = set.Targets?.Max(Math.Abs) ?? 1;

        private double Tolerance(int[] rows) => FixedPointError * Math.Max(1, Score(rows) / 100);

        private double Gain(int[] rows, int[] left, int[] right) => Score(left) + Score(right) - Score(rows);

        private double Score(int[] rows) => G(rows) * G(rows) / (H(rows) + parameters.L2!.Value);

        private double G(int[] rows) => rows.Sum(r => derivatives[r].G);

        private double H(int[] rows) => rows.Sum(r => derivatives[r].H);
    }
}
