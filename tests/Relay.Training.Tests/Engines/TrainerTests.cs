using Relay.Training.Engines;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Tests.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

public sealed class TrainerTests
{
    public static TheoryData<ModelAlgorithm> Algorithms => new(ModelAlgorithm.RandomForest, ModelAlgorithm.GradientBoosting);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Train_ParameterOutOfRange_IsRefused(ModelAlgorithm algorithm)
    {
        TrainingSet set = SmallData.Create(1, 20, 2, 2, 5, 0);

        TrainingException refused = Assert.Throws<TrainingException>(
            () => Create(algorithm).Train(set, new ModelParameters { Depth = 0 }, null, default));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Train_CanceledWhileFitting_Stops(ModelAlgorithm algorithm)
    {
        TrainingSet set = SmallData.Create(1, 3000, 4, 3, 500, 0);
        using CancellationTokenSource stop = new();
        Reports reports = new(report =>
        {
            if (report is { Stage: "fit", Done: 2 })
            {
                stop.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(
            () => Create(algorithm).Train(set, new ModelParameters { Trees = 5000 }, reports, stop.Token));

        Assert.DoesNotContain(reports.All, r => r.Done > 100 && r.Stage == "fit");
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Train_WhileFitting_ReportsEveryTreeOrRound(ModelAlgorithm algorithm)
    {
        Reports reports = new(_ => { });

        Create(algorithm).Train(SmallData.Create(1, 200, 3, 3, 20, 0), new ModelParameters { Trees = 7 }, reports, default);

        Assert.Equal(
            Enumerable.Range(1, 7).Select(i => (long)i), reports.All.Where(r => r.Stage == "fit").Select(r => r.Done).Order());
        Assert.All(reports.All.Where(r => r.Stage == "fit"), r => Assert.Equal(7, r.Total));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Train_NothingToSplitBy_GivesSingleLeaves(ModelAlgorithm algorithm)
    {
        TrainingSet set = new([[4, 4, 4, 4]], [0, 0, 0, 1], 2);

        TreeEnsemble ensemble = Create(algorithm).Train(set, new ModelParameters { Trees = 90, MinChildWeight = 0 }, null, default);

        Assert.All(ensemble.Trees, t => Assert.Equal([-1], t.Feature));
        float[] probabilities = new EnsembleEvaluator(ensemble).Probabilities([[4]]);
        // Boosting nears the shares step by step, a forest has the mean of its bootstrap samples.
        Assert.Equal(0.75, probabilities[0], algorithm == ModelAlgorithm.RandomForest ? 0.15 : 1e-3);
        Assert.Equal(1, probabilities.Sum(), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Train_SeparableClasses_LearnsThem(ModelAlgorithm algorithm)
    {
        float[] column = [.. Enumerable.Range(0, 900).Select(i => (float)i)];
        int[] labels = [.. column.Select(v => v < 200 ? 2 : v < 500 ? 0 : 1)];

        TreeEnsemble ensemble = Create(algorithm).Train(new TrainingSet([column], labels, 3), new ModelParameters { Trees = 20 }, null, default);

        float[] probabilities = new EnsembleEvaluator(ensemble).Probabilities([column]);
        Assert.InRange(EnsembleEvaluator.Labels(probabilities, 3).Zip(labels).Count(p => p.First != p.Second), 0, 4);
    }

    [Fact]
    public void Train_MergedEqualRows_CountEachOfThem()
    {
        // 700 equal rows exceed what one weight holds; their shares must come out exactly all the same.
        float[] column = [.. Enumerable.Repeat(1f, 1000), .. Enumerable.Repeat(2f, 10)];
        int[] labels = [.. Enumerable.Repeat(0, 700), .. Enumerable.Repeat(1, 300), .. Enumerable.Repeat(1, 10)];
        ForestParameters parameters = ForestParameters.From(new ModelParameters { Trees = 1 }) with { Bootstrap = false };

        TreeEnsemble forest = new RandomForestTrainer().Train(new TrainingSet([column], labels, 2), parameters, null, default);

        Assert.Equal([0.7f, 0.3f, 0f, 1f], new EnsembleEvaluator(forest).Probabilities([[1f, 2f]]));
    }

    [Fact]
    public void Train_EqualRowsOfManyClasses_AreNotMerged()
    {
        // So many that their hashes share places.
        int[] labels = [.. Enumerable.Range(0, 400)];
        float[] column = [.. labels.Select(label => label % 2 == 0 ? 1f : 2f)];
        ForestParameters parameters = ForestParameters.From(new ModelParameters { Trees = 1 }) with { Bootstrap = false };

        TreeEnsemble forest = new RandomForestTrainer().Train(new TrainingSet([column], labels, 400), parameters, null, default);

        Assert.Equal(
            labels.Select(label => label % 2 == 0 ? 1 / 200f : 0), new EnsembleEvaluator(forest).Probabilities([[1f]]));
    }

    private static IEnsembleTrainer Create(ModelAlgorithm algorithm) =>
        EngineCatalog.CreateDefault().Create(Data.CsvFolder.Spec with { Algorithm = algorithm });

    private sealed class Reports(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        private readonly List<TrainingProgress> _all = [];

        public IReadOnlyList<TrainingProgress> All => _all;

        public void Report(TrainingProgress value)
        {
            lock (_all)
            {
                _all.Add(value);
            }

            seen(value);
        }
    }
}
