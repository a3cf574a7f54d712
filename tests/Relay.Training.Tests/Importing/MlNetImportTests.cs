using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Relay.Training.Importing;
using Shared.Contracts.Models;
using RegressionMetrics = Shared.Contracts.Models.RegressionMetrics;

namespace Relay.Training.Tests.Importing;

/// <summary>Files that ML.NET's own converter writes of models that it trains here.</summary>
public sealed class MlNetImportTests : IDisposable
{
    private static readonly string[] Columns = ["packets", "flags", "share", "bytes"];

    // In the order in which they occur first, which is that of ML.NET's keys.
    private static readonly string[] Classes = ["good", "odd", "bad"];

    private readonly string _folder = Directory.CreateTempSubdirectory("relay-import-").FullName;
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("FastTree", true)]
    [InlineData("FastTree, a vector", true)]
    [InlineData("FastTree, named outputs", true)]
    [InlineData("FastForest, calibrated", true)]
    [InlineData("SdcaLogisticRegression", false)]
    [InlineData("LbfgsLogisticRegression, a vector", false)]
    [InlineData("FastTree regression", true)]
    [InlineData("FastTreeTweedie regression", false)]
    [InlineData("FastForest regression", true)]
    [InlineData("Sdca regression", false)]
    [InlineData("SdcaMaximumEntropy", false)]
    [InlineData("LbfgsMaximumEntropy, keys", false)]
    [InlineData("OneVersusAll of FastTree", false)]
    public void Run_ExportOfMlNet_AnswersAsMlNet(string trainer, bool isManaged)
    {
        (ITransformer model, IDataView view, byte[] file) = Train(trainer);

        TrainedModel imported = Run(Job(trainer, file, model.Transform(view)));

        Assert.Equal("onnx", imported.Card.Import!.Format);
        Assert.Equal(isManaged, imported.UnsupportedByManagedScorer is null);
        Assert.Equal(isManaged, imported.Card.Import.ComparedManagedScorer);
        Assert.Equal(trainer.StartsWith("Fast", StringComparison.Ordinal), imported.Card.Import.Thresholds > 0 && !trainer.StartsWith('O'));

        // The labels of the held-out rows are what ML.NET answers.
        Assert.Equal(
            1, imported.Card.Metrics is ClassificationMetrics c ? c.Accuracy : ((RegressionMetrics)imported.Card.Metrics).R2!.Value, 1e-6);
        if (IsMulticlass(trainer))
        {
            Assert.Equal(Classes, imported.Card.Schema.Classes);
        }
    }

    [Fact]
    public void Run_MarginWithoutCalibrator_IsRefusedWithWhatToDo()
    {
        (ITransformer model, IDataView view, byte[] file) = Train("FastForest");

        TrainingException refused = Assert.Throws<TrainingException>(() => Run(Job("FastForest", file, model.Transform(view))));

        Assert.Equal(TrainingFault.InvalidModelFile, refused.Fault);
        Assert.Contains("Calibrators.Platt", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ClassesOfTheSpecThatTheFileDoesNotName_AreRefused()
    {
        (ITransformer model, IDataView view, byte[] file) = Train("SdcaMaximumEntropy");
        ImportJob job = Job("SdcaMaximumEntropy", file, model.Transform(view));
        LabelSpec label = new() { Groups = new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["good"], ["b"] = ["odd"], ["c"] = ["bad"] } };

        TrainingException refused = Assert.Throws<TrainingException>(() => Run(job with { Spec = job.Spec with { Label = label } }));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
        Assert.Contains("'good', 'odd', 'bad'", refused.Message, StringComparison.Ordinal);
    }

    private static bool IsRegression(string trainer) => trainer.Contains("regression", StringComparison.Ordinal);

    private static bool IsMulticlass(string trainer) =>
        trainer.Contains("MaximumEntropy", StringComparison.Ordinal) || trainer.Contains("OneVersusAll", StringComparison.Ordinal);

    private (ITransformer Model, IDataView View, byte[] File) Train(string trainer)
    {
        IDataView view = _context.Data.LoadFromEnumerable(MlNetRow.Create());
        var columns = _context.Transforms.Concatenate("Features", Columns);
        var key = _context.Transforms.Conversion.MapValueToKey("Key", nameof(MlNetRow.Kind));
        var text = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel");
        var binary = _context.BinaryClassification.Trainers;
        var classes = _context.MulticlassClassification.Trainers;
        var numbers = _context.Regression.Trainers;
        var tree = binary.FastTree(numberOfLeaves: 4, numberOfTrees: 3, minimumExampleCountPerLeaf: 5);
        IEstimator<ITransformer> pipeline = trainer switch
        {
            "FastTree" or "FastTree, named outputs" => columns.Append(tree),
            "FastTree, a vector" =>
                binary.FastTree(featureColumnName: nameof(MlNetRow.All), numberOfLeaves: 4, numberOfTrees: 3, minimumExampleCountPerLeaf: 5),
            "FastForest" => columns.Append(binary.FastForest(numberOfLeaves: 4, numberOfTrees: 3)),
            "FastForest, calibrated" =>
                columns.Append(binary.FastForest(numberOfLeaves: 4, numberOfTrees: 3)).Append(_context.BinaryClassification.Calibrators.Platt()),
            "SdcaLogisticRegression" =>
                columns.Append(_context.Transforms.NormalizeMinMax("Features")).Append(binary.SdcaLogisticRegression(maximumNumberOfIterations: 5)),
            "LbfgsLogisticRegression, a vector" => binary.LbfgsLogisticRegression(featureColumnName: nameof(MlNetRow.All)),
            "FastTree regression" => columns.Append(numbers.FastTree(nameof(MlNetRow.Rate), numberOfLeaves: 4, numberOfTrees: 3)),
            "FastTreeTweedie regression" => columns.Append(numbers.FastTreeTweedie(nameof(MlNetRow.Rate), numberOfLeaves: 4, numberOfTrees: 3)),
            "FastForest regression" => columns.Append(numbers.FastForest(nameof(MlNetRow.Rate), numberOfLeaves: 4, numberOfTrees: 3)),
            "Sdca regression" => columns.Append(_context.Transforms.NormalizeMeanVariance("Features"))
                .Append(numbers.Sdca(nameof(MlNetRow.Rate), maximumNumberOfIterations: 5)),
            "SdcaMaximumEntropy" => key.Append(columns).Append(classes.SdcaMaximumEntropy("Key", maximumNumberOfIterations: 5)).Append(text),
            "LbfgsMaximumEntropy, keys" => key.Append(columns).Append(classes.LbfgsMaximumEntropy("Key")),
            "OneVersusAll of FastTree" => key.Append(columns)
                .Append(classes.OneVersusAll(binary.FastTree("Key", numberOfLeaves: 4, numberOfTrees: 2), "Key")).Append(text),
            _ => throw new ArgumentException(trainer, nameof(trainer)),
        };
        ITransformer model = pipeline.Fit(view);
        using MemoryStream file = new();
        if (trainer.EndsWith("named outputs", StringComparison.Ordinal))
        {
            _context.Model.ConvertToOnnx(model, view, file, "PredictedLabel", "Score", "Probability");
        }
        else
        {
            _context.Model.ConvertToOnnx(model, view, file);
        }

        return (model, view, file.ToArray());
    }

    private ImportJob Job(string trainer, byte[] file, IDataView answers)
    {
        string[] labels = IsRegression(trainer)
            ? [.. answers.GetColumn<float>("Score").Select(s => s.ToString("R", CultureInfo.InvariantCulture))]
            : trainer.EndsWith("keys", StringComparison.Ordinal)
                ? [.. answers.GetColumn<uint>("PredictedLabel").Select(key => Classes[key - 1])]
            : IsMulticlass(trainer) ? [.. answers.GetColumn<string>("PredictedLabel")]
            : [.. answers.GetColumn<bool>("PredictedLabel").Select(p => p ? "1" : "0")];
        StringBuilder text = new("packets,flags,share,bytes,truth\n");
        foreach ((MlNetRow row, string label) in MlNetRow.Create().Zip(labels))
        {
            text.AppendJoin(',', row.All.Select(v => v.ToString("R", CultureInfo.InvariantCulture))).Append(',').Append(label).Append('\n');
        }

        string heldOut = Path.Combine(_folder, "held-out.csv");
        File.WriteAllText(heldOut, text.ToString());
        ModelSpec spec = new()
        {
            Name = "imported",
            Task = IsRegression(trainer) ? ModelTask.Regression : ModelTask.Classification,
            Algorithm = ModelAlgorithm.Imported,
            Columns = [.. Columns.Select(name => new ColumnSpec(name, ColumnType.Number)), new ColumnSpec("truth", ColumnType.Label)],
        };
        return new ImportJob(spec, 1, "model.onnx", file, heldOut);
    }

    private static TrainedModel Run(ImportJob job) => new ImportPipeline().Run(job, null, TestContext.Current.CancellationToken);
}
