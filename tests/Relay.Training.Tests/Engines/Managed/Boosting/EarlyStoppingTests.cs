using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Boosting;

public sealed class EarlyStoppingTests
{
    private static readonly ModelParameters Watching = new() { Trees = 200, Depth = 5, EarlyStoppingRounds = 8, ValidationFraction = 0.25 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Train_NoisyRows_KeepsTheRoundOfLeastWatchedLoss(int classes)
    {
        List<TrainingProgress> reports = [];

        TreeEnsemble ensemble = Train(Create(classes, 3), Watching, reports);

        double[] losses = [.. reports.Where(r => r.Stage == "fit").Select(r => r.ValidationLoss!.Value)];
        int best = Array.IndexOf(losses, losses.Min()) + 1;
        Assert.Equal(best + 8, losses.Length);
        Assert.InRange(losses.Length, 9, 199);
        Assert.Equal(best * ensemble.OutputCount, ensemble.Trees.Count);
        TrainingProgress kept = Assert.Single(reports, r => r.Stage == "keep");
        Assert.Equal((best, losses.Length, losses.Min()), ((int)kept.Done, (int)kept.Total!, kept.ValidationLoss!.Value));
    }

    [Fact]
    public void Train_WatchedRows_AreNotLearned()
    {
        // Every row has a value of its own and a label of its own: what is not learned cannot be known.
        Random random = new(4);
        float[] column = [.. Enumerable.Range(0, 200).Select(i => (float)i)];
        int[] labels = [.. column.Select(_ => random.Next(2))];
        ModelParameters parameters = new()
        {
            Trees = 60,
            Depth = 12,
            MinChildWeight = 0,
            L2 = 0.01,
            EarlyStoppingRounds = 10_000,
            ValidationFraction = 0.5,
        };
        List<TrainingProgress> reports = [];

        Train(new TrainingSet([column], labels, 2), parameters, reports);

        Assert.InRange(reports.Last(r => r.Stage == "fit").ValidationLoss!.Value, 0.7, 100);
    }

    [Fact]
    public void Train_EqualRows_AreOnOneSide()
    {
        // Each value many times with one label: a row is watched only where its value was never learned.
        Random random = new(6);
        int[] ofValue = [.. Enumerable.Range(0, 100).Select(_ => random.Next(2))];
        float[] column = [.. Enumerable.Range(0, 5000).Select(i => (float)(i % 100))];
        int[] labels = [.. column.Select(v => ofValue[(int)v])];
        List<TrainingProgress> reports = [];

        Train(new TrainingSet([column], labels, 2), Watching with { Depth = 12, MinChildWeight = 0, EarlyStoppingRounds = 300 }, reports);

        Assert.InRange(reports.Last(r => r.Stage == "fit").ValidationLoss!.Value, 0.5, 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Train_OtherOrderOfRows_GivesTheSameBits(int classes)
    {
        TrainingSet set = Create(classes, 3);
        int[] order = SmallData.AllRows(set);
        new Random(5).Shuffle(order);
        TrainingSet shuffled = set with
        {
            Columns = [.. set.Columns.Select(c => order.Select(r => c[r]).ToArray())],
            Labels = [.. order.Select(r => set.Labels[r])],
            Targets = set.Targets is { } targets ? [.. order.Select(r => targets[r])] : null,
        };

        Assert.Equal(EnsembleDigest.Compute(Train(set, Watching, [])), EnsembleDigest.Compute(Train(shuffled, Watching, [])));
    }

    [Fact]
    public void Train_OneRowToWatch_IsRefused()
    {
        TrainingException refused = Assert.Throws<TrainingException>(
            () => Train(new TrainingSet([[1, 1, 1]], [0, 1, 1], 2), Watching, []));

        Assert.Equal(TrainingFault.TooFewRows, refused.Fault);
    }

    private static TrainingSet Create(int classes, int seed) => classes == 1
        ? SmallData.CreateNumbers(seed, 900, 4, 50, 0.1)
        : SmallData.Create(seed, 900, 4, classes, 50, 0.1);

    private static TreeEnsemble Train(TrainingSet set, ModelParameters parameters, List<TrainingProgress> reports) =>
        new GradientBoostingTrainer(2).Train(set, parameters, new Reports(reports), default);

    private sealed class Reports(List<TrainingProgress> all) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            lock (all)
            {
                all.Add(value);
            }
        }
    }
}
