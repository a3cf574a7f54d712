using Relay.Training.Engines;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Xgboost;
using Relay.Training.Tests.Engines.Common.Checkpoints;
using Relay.Training.Tests.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Xgboost;

public sealed class XgboostTrainerTests
{
    [Theory]
    [InlineData(2, 0.1)]
    [InlineData(4, 0.1)]
    [InlineData(4, 0)]
    [InlineData(1, 0.1)]
    public void Read_ModelOfTheLibrary_PredictsAsTheLibraryDoes(int classes, double missing)
    {
        XgboostInstalled.OrSkip();
        TrainingSet set = Set(classes, missing);
        XgboostParameters parameters = XgboostParameters.From(new ModelParameters { Trees = 20 });
        using XgboostMatrix rows = XgboostMatrix.Create(set, [.. Enumerable.Range(0, set.RowCount)], 2);
        using XgboostBooster booster = new(rows, null, parameters.Settings(set, 2));
        for (int round = 0; round < parameters.Rounds; round++)
        {
            booster.Update(round, rows);
        }

        TreeEnsemble ensemble = XgboostModelReader.Read(booster.Save());

        TrainingSet edges = OnThresholds(set, ensemble);
        float[] expected = XgboostInstalled.Predict(booster, edges);
        float[] actual = new EnsembleEvaluator(ensemble).Probabilities(edges.Columns);
        float[] compared = classes == 2 ? [.. actual.Where((_, i) => i % 2 == 1)] : actual;
        Assert.Equal(expected.Length, compared.Length);
        Assert.All(expected.Zip(compared), p => Assert.Equal(p.First, p.Second, 1e-6 * Math.Max(1, Math.Abs(p.First))));
    }

    [Fact]
    public void Train_NamedInASpec_LearnsAndReportsEveryRound()
    {
        XgboostInstalled.OrSkip();
        List<long> rounds = [];
        Reports reports = new(p => rounds.Add(p.Done));

        TreeEnsemble ensemble = Create().Train(Set(3, 0), new ModelParameters { Trees = 7 }, reports, default);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], rounds);
        Assert.Equal(21, ensemble.Trees.Count);
        Assert.Equal(Link.Softmax, ensemble.Link);
    }

    [Fact]
    public void Train_SameSeedTwice_GivesTheSameBits()
    {
        XgboostInstalled.OrSkip();
        ModelParameters parameters = new() { Trees = 5, Subsample = 0.5, FeatureFraction = 0.5, Seed = 7 };
        string Digest(ModelParameters p) => EnsembleDigest.Compute(Create().Train(Set(3, 0.1), p, null, default));

        Assert.Equal(Digest(parameters), Digest(parameters));
        Assert.NotEqual(Digest(parameters), Digest(parameters with { Seed = 8 }));
    }

    [Fact]
    public void Train_LossNoLongerBetter_StopsAtTheBestRound()
    {
        XgboostInstalled.OrSkip();
        ModelParameters parameters = new() { Trees = 400, Depth = 6, EarlyStoppingRounds = 5, ValidationFraction = 0.3, LearningRate = 0.8 };
        List<long> rounds = [];
        Reports reports = new(p => rounds.AddRange(p.Stage == "fit" ? [p.Done] : []));

        TreeEnsemble ensemble = Create().Train(Set(3, 0), parameters, reports, default);

        Assert.InRange(rounds.Count, 6, 399);
        Assert.Equal(3 * (rounds.Count - 5), ensemble.Trees.Count);
    }

    [Fact]
    public void Train_WholeWeights_AreLikeRepeatedRows()
    {
        XgboostInstalled.OrSkip();
        TrainingSet set = Set(2, 0);
        int[] times = [.. Enumerable.Range(0, set.RowCount).Select(i => 1 + (i % 3))];
        int[] repeated = [.. times.SelectMany((count, row) => Enumerable.Repeat(row, count))];
        TrainingSet longer = new(
            [.. set.Columns.Select(c => repeated.Select(r => c[r]).ToArray())], [.. repeated.Select(r => set.Labels[r])], 2);
        ModelParameters parameters = new() { Trees = 3 };

        float[] weighted = Probabilities(set with { SampleWeights = [.. times.Select(t => (float)t)] });
        float[] plain = Probabilities(longer);

        Assert.All(weighted.Zip(plain), p => Assert.Equal(p.First, p.Second, 1e-3));

        float[] Probabilities(TrainingSet rows) =>
            new EnsembleEvaluator(Create().Train(rows, parameters, null, default)).Probabilities(set.Columns);
    }

    [Fact]
    public void Train_MonotoneColumn_NeverFalls()
    {
        XgboostInstalled.OrSkip();
        float[] x = [.. Enumerable.Range(0, 500).Select(i => i / 100f)];
        TrainingSet set = new([x], new int[500], 1) { Targets = [.. x.Select(v => MathF.Sin(3 * v) + v)], Names = ["x"] };
        ModelParameters parameters = new() { Trees = 20, Monotone = new Dictionary<string, int> { ["x"] = 1 } };

        float[] fitted = new EnsembleEvaluator(Create().Train(set, parameters, null, default)).Probabilities([x]);

        Assert.All(fitted.Zip(fitted.Skip(1)), p => Assert.True(p.First <= p.Second + 1e-6f));
    }

    [Fact]
    public void Train_CanceledWhileFitting_Stops()
    {
        XgboostInstalled.OrSkip();
        using CancellationTokenSource stop = new();
        int rounds = 0;
        Reports reports = new(p =>
        {
            rounds++;
            stop.Cancel();
        });

        Assert.ThrowsAny<OperationCanceledException>(
            () => Create().Train(Set(4, 0), new ModelParameters { Trees = 5000 }, reports, stop.Token));

        Assert.InRange(rounds, 1, 2);
    }

    [Fact]
    public void Train_InfiniteValue_IsRefused()
    {
        XgboostInstalled.OrSkip();
        TrainingSet set = new([[1, 2, float.PositiveInfinity, 4]], [0, 1, 0, 1], 2);

        TrainingException refused = Assert.Throws<TrainingException>(() => Create().Train(set, new ModelParameters(), null, default));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
    }

    public static TheoryData<ModelParameters> OutOfRange =>
        new([new ModelParameters { Depth = 31 }, new ModelParameters { Trees = 0 }, new ModelParameters { MinSamplesLeaf = 5 },
            new ModelParameters { MinSamplesSplit = 5 }]);

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Require_ParameterThatTheLibraryDoesNotTake_IsRefused(ModelParameters parameters)
    {
        TrainingException refused = Assert.Throws<TrainingException>(
            () => EngineCatalog.CreateDefault().Require(Spec with { Parameters = parameters }));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
    }

    [Fact]
    public void Require_RandomForest_IsRefused()
    {
        TrainingException refused = Assert.Throws<TrainingException>(
            () => EngineCatalog.CreateDefault().Require(Spec with { Algorithm = ModelAlgorithm.RandomForest }));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
    }

    [Fact]
    public void Require_NoLibrary_SaysSo()
    {
        Assert.SkipWhen(XgboostLibrary.IsPresent, "libxgboost is on this machine");

        TrainingException refused = Assert.Throws<TrainingException>(() => EngineCatalog.CreateDefault().Require(Spec));

        Assert.Equal(TrainingFault.EngineMissing, refused.Fault);
    }

    private static ModelSpec Spec =>
        Data.CsvFolder.Spec with { Algorithm = ModelAlgorithm.GradientBoosting, Engine = XgboostEngine.EngineName };

    private static IEnsembleTrainer Create() => EngineCatalog.CreateDefault().Create(Spec, 2);

    /// <param name="classes">1: a number is to be learned.</param>
    private static TrainingSet Set(int classes, double missing)
    {
        TrainingSet set = SmallData.Create(3, 2000, 5, Math.Max(2, classes), 60, missing);
        return classes > 1
            ? set
            : new TrainingSet(set.Columns, new int[set.RowCount], 1) { Targets = [.. set.Labels.Select(l => 100f + (40 * l))] };
    }

    /// <summary>Rows of the set where every third value is replaced by a threshold of the model as the library has it.</summary>
    private static TrainingSet OnThresholds(TrainingSet set, TreeEnsemble ensemble)
    {
        ILookup<int, float> thresholds = ensemble.Trees
            .SelectMany(t => t.Feature.Select((f, i) => (Feature: f, At: MathF.BitIncrement(t.Threshold[i]))))
            .Where(n => n.Feature >= 0).ToLookup(n => n.Feature, n => n.At);
        float[][] columns = [.. set.Columns.Select((column, f) =>
        {
            float[] at = [.. thresholds[f].DefaultIfEmpty(0)];
            return column.Select((v, row) => (row + f) % 3 == 0 ? at[row % at.Length] : v).ToArray();
        })];
        return set with { Columns = columns };
    }

    private sealed class Reports(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
