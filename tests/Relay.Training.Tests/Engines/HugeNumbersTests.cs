using System.Globalization;
using Relay.Training.Tests.Data;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

/// <summary>Numbers at the ends of float32, as values, targets and weights: every engine gives a model that is proved, or a typed error that
/// names the column. Nothing ends as an unexpected exception.</summary>
public sealed class HugeNumbersTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ModelTask.Classification, ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelTask.Classification, ModelAlgorithm.RandomForest)]
    [InlineData(ModelTask.Regression, ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelTask.Regression, ModelAlgorithm.RandomForest)]
    [InlineData(ModelTask.AnomalyDetection, ModelAlgorithm.IsolationForest)]
    [InlineData(ModelTask.Scaling, ModelAlgorithm.StandardScaler)]
    public void Train_HugeValues_GivesAModelOrATypedErrorWithTheColumn(ModelTask task, ModelAlgorithm algorithm)
    {
        foreach (float huge in (float[])[1e30f, 3e37f, 1.5e38f, float.MaxValue])
        {
            foreach (bool scale in task is ModelTask.Scaling ? (bool[])[false] : [false, true])
            {
                foreach (bool isWeighted in task is ModelTask.Scaling ? (bool[])[false] : [false, true])
                {
                    bool isTrained = TryTrain(task, algorithm, huge, scale, isWeighted);

                    // What float32 holds many times over is no reason to refuse.
                    Assert.True(isTrained || huge > 1e30f, $"{task} {huge} {scale} {isWeighted} is refused");
                }
            }
        }
    }

    private bool TryTrain(ModelTask task, ModelAlgorithm algorithm, float huge, bool scale, bool isWeighted)
    {
        Random random = new(1);
        string[] lines = [.. Enumerable.Range(0, 80).Select(i =>
        {
            float x = (random.NextSingle() - 0.5f) * 2 * huge;
            string label = task is ModelTask.Regression ? Text(x > 0 ? huge : -huge * random.NextSingle()) : x > 0 ? "good" : "bad";
            return $"{Text(x)},{Text(i % 7)},{Text(isWeighted ? huge * (0.5f + (random.NextSingle() / 2)) : 1)},{label}";
        })];
        ModelSpec spec = new()
        {
            Name = "huge",
            Task = task,
            Algorithm = algorithm,
            Columns =
            [
                new("a", ColumnType.Number), new("b", ColumnType.Number), new("w", task is ModelTask.Scaling ? ColumnType.Ignore : ColumnType.Weight),
                new("verdict", task is ModelTask.Scaling ? ColumnType.Ignore : ColumnType.Label),
            ],
            Label = new LabelSpec { Benign = task is ModelTask.Regression or ModelTask.Scaling ? null : "good" },
            Parameters = algorithm is ModelAlgorithm.StandardScaler ? new ModelParameters() : new ModelParameters { Trees = 3, Scale = scale },
        };
        string path = _folder.Write("huge.csv", ["a,b,w,verdict", .. lines]);
        try
        {
            TrainedModel model = TrainingPipeline.CreateDefault().Run(
                new TrainingJob(spec, 1, new DataOrigin.Files(path, null)), cancellationToken: TestContext.Current.CancellationToken);
            Assert.All(model.Card.Metrics.Figures, f => Assert.True(double.IsFinite(f.Value), f.Name));
            return true;
        }
        catch (TrainingException e)
        {
            Assert.True(
                e.Fault is TrainingFault.InvalidData or TrainingFault.ConstantColumn, $"{task} {huge} {scale} {isWeighted}: {e.Fault}, {e.Message}");
            Assert.Contains("huge.csv", e.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
