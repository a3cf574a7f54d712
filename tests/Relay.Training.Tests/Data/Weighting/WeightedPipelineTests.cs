using System.Globalization;
using Relay.Training.Data.Reading;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data.Weighting;

/// <summary>Weights from a file's cells to the artifact.</summary>
public sealed class WeightedPipelineTests : IDisposable
{
    private static readonly ModelSpec Spec = new()
    {
        Name = "weighted",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns =
        [
            new ColumnSpec("size", ColumnType.Number), new ColumnSpec("rate", ColumnType.Number),
            new ColumnSpec("weight", ColumnType.Weight), new ColumnSpec("seen", ColumnType.Time), new ColumnSpec("verdict", ColumnType.Label),
        ],
        Label = new LabelSpec { Benign = "0" },
        Parameters = new ModelParameters { Trees = 5 },
        Weights = new WeightSpec { Age = new AgeWeights(OldestDays: 60) },
    };

    private readonly CsvFolder _folder = new();

    [Theory]
    [InlineData(ModelTask.Classification, ModelAlgorithm.RandomForest)]
    [InlineData(ModelTask.Classification, ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelTask.Regression, ModelAlgorithm.RandomForest)]
    [InlineData(ModelTask.Regression, ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelTask.AnomalyDetection, ModelAlgorithm.IsolationForest)]
    public void Run_WeightsAndAges_ChangeTheModelAndAreCounted(ModelTask task, ModelAlgorithm algorithm)
    {
        ModelSpec aged = Spec with { Task = task, Algorithm = algorithm, Label = task is ModelTask.Regression ? new LabelSpec() : Spec.Label };
        ModelSpec even = aged with
        {
            Weights = new WeightSpec(),
            Columns = [.. aged.Columns.Select(c => c.Type is ColumnType.Weight ? c with { Type = ColumnType.Ignore } : c)],
        };

        ModelCard first = Run(aged);
        ModelCard second = Run(aged);
        ModelCard other = Run(even);

        Assert.Equal(first.Sha256, second.Sha256);
        Assert.NotEqual(first.Sha256, other.Sha256);
        Assert.Equal(300, first.Train.Rows + first.Train.TooOld);
        Assert.InRange(first.Train.TooOld, 50, 150);
        Assert.Equal((0, 300), (other.Train.TooOld, other.Train.Rows));
        Assert.Equal((0, 100), (first.Test.TooOld, first.Test.Rows));
    }

    public void Dispose() => _folder.Dispose();

    private ModelCard Run(ModelSpec spec)
    {
        Random random = new(3);
        string[] rows = [.. Enumerable.Range(0, 400).Select(i =>
        {
            float size = random.NextSingle();
            return string.Create(
                CultureInfo.InvariantCulture, $"{size},{random.NextSingle()},{1 + (i % 4)},{1_780_000_000 + (random.Next(90) * 86_400)}," +
                    $"{(size + random.NextSingle() > 1 ? 1 : 0)}");
        })];
        string file = _folder.Write("data.csv", ["size,rate,weight,seen,verdict", .. rows]);
        return TrainingPipeline.CreateDefault().Run(TrainingJob.On(new DataSource(spec, file, null), 1)).Card;
    }
}
