using Relay.TestKit;
using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Tests.Engines;
using Relay.Training.Tuning;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Tuning;

public sealed class ParameterSearchTests
{
    private static readonly ModelSpec Spec =
        TaskRows.Classes(ModelAlgorithm.GradientBoosting, null) with { Parameters = new ModelParameters { Trees = 10 } };

    private static TrainingSet Set => SmallData.Create(3, 300, 4, 2, 40, 0.05);

    [Fact]
    public void Run_Candidates_TakesTheOneWithTheLowestLoss()
    {
        List<double?> losses = [];

        TuningSummary found = Search(new TuneSpec { Candidates = 8 }, new Log(progress => losses.Add(progress.ValidationLoss)));

        Assert.Equal((8, 3, "log-loss"), (found.Candidates, found.Folds, found.Figure));
        Assert.Equal([.. Enumerable.Range(0, 9)], losses.Select((_, i) => i));
        Assert.Equal(found.OwnLoss, losses[1]);
        Assert.Equal(found.Loss, losses[^1]);
        Assert.Equal(losses.Skip(1).Min(), found.Loss);
        Assert.True(found.Loss < found.OwnLoss);
        Assert.Equal(10, found.Parameters.Trees);
    }

    [Fact]
    public void Run_TimeIsOver_EndsAndItsCountFindsTheSameAgain()
    {
        ManualTime time = new();

        // Two minutes pass at every report, so that the third candidate is too late.
        TuningSummary bounded = new ParameterSearch(EngineCatalog.CreateDefault(), time).Run(
            Spec, new TuneSpec { Minutes = 5, Candidates = 50 }, Set, new Log(_ => time.Advance(TimeSpan.FromMinutes(2))),
            TestContext.Current.CancellationToken);
        TuningSummary counted = Search(new TuneSpec { Candidates = bounded.Candidates }, null);

        Assert.InRange(bounded.Candidates, 1, 3);
        Assert.Equal(bounded, counted);
    }

    [Fact]
    public void Run_NoTimeAtAll_MeasuresTheOwnParameters()
    {
        ManualTime time = new();

        TuningSummary found = new ParameterSearch(EngineCatalog.CreateDefault(), time).Run(
            Spec, new TuneSpec { Minutes = 1 }, Set, new Log(_ => time.Advance(TimeSpan.FromHours(1))), TestContext.Current.CancellationToken);

        Assert.Equal((1, Spec.Parameters), (found.Candidates, found.Parameters));
        Assert.Equal(found.OwnLoss, found.Loss);
    }

    [Fact]
    public void Run_TwoRowsOfOneKind_TooFewRows()
    {
        TrainingSet same = new([[1, 1, 1, 1], [2, 2, 2, 2]], [0, 1, 0, 1], 2);

        Assert.Equal(
            TrainingFault.TooFewRows,
            Assert.Throws<TrainingException>(() => new ParameterSearch(EngineCatalog.CreateDefault(), TimeProvider.System).Run(
                Spec, new TuneSpec { Candidates = 2 }, same, null, TestContext.Current.CancellationToken)).Fault);
    }

    [Fact]
    public void Run_Cancelled_Ends()
    {
        using CancellationTokenSource stop = new();

        Assert.ThrowsAny<OperationCanceledException>(() => new ParameterSearch(EngineCatalog.CreateDefault(), TimeProvider.System).Run(
            Spec, new TuneSpec { Minutes = 60 }, Set, new Log(progress => StopAt(progress, stop)), stop.Token));
    }

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelAlgorithm.RandomForest)]
    public void Candidates_WhatTheSpecGives_IsLeft(ModelAlgorithm algorithm)
    {
        ModelParameters given = new() { Trees = 7, Depth = 3, MinSamplesLeaf = 4, Seed = 9 };
        CandidateSequence candidates = new(Spec with { Algorithm = algorithm, Parameters = given }, 2, EngineCatalog.CreateDefault());

        ModelParameters[] drawn = [.. Enumerable.Range(0, 30).Select(i => candidates[i])];

        Assert.All(drawn, p => Assert.Equal((7, 3, null, 4, 9UL), (p.Trees, p.Depth, p.Leaves, p.MinSamplesLeaf, p.Seed)));
        Assert.True(drawn.Distinct().Count() > 3);
        Assert.Equal(given, drawn[0]);
    }

    [Fact]
    public void Candidates_ManyClasses_NoneHasMoreTreesThanAModelMay()
    {
        ModelSpec spec = Spec with { Parameters = new ModelParameters() };
        CandidateSequence candidates = new(spec, 5_000, EngineCatalog.CreateDefault());

        Assert.All(Enumerable.Range(0, 40), i => Assert.InRange(
            EngineCatalog.CreateDefault().CountTreesOfClasses(spec with { Parameters = candidates[i] }, 5_000)!.Value, 1, 1_048_576));
    }

    private static TuningSummary Search(TuneSpec tune, IProgress<TrainingProgress>? progress) =>
        new ParameterSearch(EngineCatalog.CreateDefault(), TimeProvider.System).Run(Spec, tune, Set, progress, TestContext.Current.CancellationToken);

    private static void StopAt(TrainingProgress progress, CancellationTokenSource stop)
    {
        if (progress.Done == 2)
        {
            stop.Cancel();
        }
    }

    private sealed class Log(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
