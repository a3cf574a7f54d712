using Relay.TestKit.Models;
using Relay.Training.Engines;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.MlNet;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.MlNet;

/// <summary>Engine 'mlnet', by its name alone: the tests are built where Microsoft.ML does not restore, too.</summary>
public sealed class MlNetTrainerTests
{
    // ML.NET adds up in double.
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting, 2)]
    [InlineData(ModelAlgorithm.GradientBoosting, 4)]
    [InlineData(ModelAlgorithm.RandomForest, 2)]
    [InlineData(ModelAlgorithm.RandomForest, 4)]
    [InlineData(ModelAlgorithm.GradientBoosting, 1)]
    public void TrainAndConvert_RowsWithMissingValues_BothGraphsAgree(ModelAlgorithm algorithm, int classes)
    {
        TrainingSet set = Set(classes, missing: 0.1);

        ConvertedEnsemble model = Create(algorithm, classes).TrainAndConvert(set, new ModelParameters { Trees = 20 }, null, default);

        float[] expected = new EnsembleEvaluator(model.Ensemble).Probabilities(set.Columns);
        using MatrixModel theirs = new(model.Onnx, model.Input, model.ScoreOutput);
        float[] rows = [.. Enumerable.Range(0, set.RowCount).SelectMany(r => set.Columns.Select(c => c[r]))];
        float[] actual = theirs.Run(rows, set.Columns.Length);
        float[] compared = classes == 2 ? [.. expected.Where((_, i) => i % 2 == 1)] : expected;
        Assert.Equal(compared.Length, actual.Length);
        Assert.All(compared.Zip(actual), p => Assert.Equal(p.First, p.Second, Tolerance * Math.Max(1, Math.Abs(p.First))));
    }

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting, 2, Link.Sigmoid)]
    [InlineData(ModelAlgorithm.GradientBoosting, 3, Link.OneVersusAll)]
    [InlineData(ModelAlgorithm.RandomForest, 2, Link.Sigmoid)]
    [InlineData(ModelAlgorithm.RandomForest, 3, Link.OneVersusAll)]
    public void Train_SeparableClasses_LearnsThem(ModelAlgorithm algorithm, int classes, Link link)
    {
        float[] column = [.. Enumerable.Range(0, 900).Select(i => (float)i)];
        int[] labels = [.. column.Select(v => v < 300 ? 1 : v < 600 || classes == 2 ? 0 : 2)];

        TreeEnsemble ensemble = Create(algorithm, classes).Train(new TrainingSet([column], labels, classes), new ModelParameters(), null, default);

        Assert.Equal(link, ensemble.Link);
        float[] probabilities = new EnsembleEvaluator(ensemble).Probabilities([column]);
        Assert.InRange(EnsembleEvaluator.Labels(probabilities, classes).Zip(labels).Count(p => p.First != p.Second), 0, 20);
    }

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelAlgorithm.RandomForest)]
    public void Train_Numbers_LearnsThem(ModelAlgorithm algorithm)
    {
        float[] column = [.. Enumerable.Range(0, 900).Select(i => i / 100f)];
        float[] targets = [.. column.Select(v => 50 + (10 * MathF.Sin(v)))];

        TreeEnsemble ensemble = Create(algorithm, 1)
            .Train(new TrainingSet([column], new int[900], 1) { Targets = targets }, new ModelParameters(), null, default);

        float[] fitted = new EnsembleEvaluator(ensemble).Probabilities([column]);
        float mean = targets.Average();
        Assert.InRange(Squares(i => fitted[i]), 0, 0.1 * Squares(_ => mean));

        double Squares(Func<int, float> guess) => targets.Select((t, i) => Math.Pow(t - guess(i), 2)).Sum();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_Weights_HeavyRowsWin(int classes)
    {
        float[] column = [.. Enumerable.Range(0, 600).Select(i => i % 20 < 10 ? 0f : 1f)];
        int[] labels = [.. Enumerable.Range(0, 600).Select(i => i % 2 == 0 ? 0 : 1 + (i / 20 % (classes - 1)))];
        float[] weights = [.. labels.Select(l => l == 0 ? 1f : 9f)];

        TreeEnsemble ensemble = Create(ModelAlgorithm.GradientBoosting, classes)
            .Train(new TrainingSet([column], labels, classes) { SampleWeights = weights }, new ModelParameters { Trees = 50 }, null, default);

        Assert.Equal(0.1, new EnsembleEvaluator(ensemble).Probabilities([[0f]])[0], 0.05);
    }

    [Fact]
    public void Train_Canceled_Stops()
    {
        using CancellationTokenSource stop = new();
        stop.CancelAfter(TimeSpan.FromSeconds(1));

        Assert.ThrowsAny<OperationCanceledException>(() => Create(ModelAlgorithm.GradientBoosting, 4)
            .Train(Set(4, 0), new ModelParameters { Trees = 10_000, Depth = 10 }, null, stop.Token));
    }

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelAlgorithm.RandomForest)]
    public void Require_ParameterThatTheEngineDoesNotHave_IsRefused(ModelAlgorithm algorithm)
    {
        ModelSpec spec = Spec(algorithm, 2) with { Parameters = new ModelParameters { L2 = 1 } };

        TrainingException refused = Assert.Throws<TrainingException>(() => EngineCatalog.CreateDefault().Require(spec));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
    }

    private static IConvertingTrainer Create(ModelAlgorithm algorithm, int classes) =>
        (IConvertingTrainer)EngineCatalog.CreateDefault().Create(Spec(algorithm, classes), 2);

    private static ModelSpec Spec(ModelAlgorithm algorithm, int classes) => Data.CsvFolder.Spec with
    {
        Algorithm = algorithm,
        Engine = MlNetEngine.EngineName,
        Task = classes == 1 ? ModelTask.Regression : ModelTask.Classification,
    };

    private static TrainingSet Set(int classes, double missing)
    {
        TrainingSet set = SmallData.Create(3, 2000, 5, Math.Max(2, classes), 60, missing);
        return classes > 1
            ? set
            : new TrainingSet(set.Columns, new int[set.RowCount], 1) { Targets = [.. set.Labels.Select(l => 100f + (40 * l))] };
    }
}
