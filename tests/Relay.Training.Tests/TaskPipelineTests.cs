using Relay.TestKit;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests;

/// <summary>Every task through the whole pipeline: rows in, a proved artifact out.</summary>
public sealed class TaskPipelineTests
{
    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting, null)]
    [InlineData(ModelAlgorithm.GradientBoosting, true)]
    [InlineData(ModelAlgorithm.RandomForest, null)]
    [InlineData(ModelAlgorithm.RandomForest, true)]
    public void Run_Regression_LearnsTheNumberAndIsProved(ModelAlgorithm algorithm, bool? scale)
    {
        (ModelCard card, ArtifactDescription file) = Train(Regression(algorithm, scale));

        RegressionMetrics metrics = Assert.IsType<RegressionMetrics>(card.Metrics);
        Assert.True(metrics.R2 > 0.9, $"R2 {metrics.R2}");
        Assert.Equal((ModelTask.Regression, "value", 1), (file.Schema.Task, file.Schema.NumericOutput, file.Schema.OutputWidth));
        Assert.Empty(file.Golden.Labels);
        Assert.NotNull(card.Importance);
        Assert.Equal("rate", card.Importance[0].Name);
        Assert.Equal(1, card.Importance.Sum(i => i.Share), 9);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(true, true)]
    [InlineData(false, null)]
    public void Run_AnomalyDetection_FlagsAndIsProved(bool labelled, bool? scale)
    {
        (ModelCard card, ArtifactDescription file) = Train(Anomaly(labelled, scale));

        AnomalyMetrics metrics = Assert.IsType<AnomalyMetrics>(card.Metrics);
        Assert.InRange(metrics.Flagged, 0.01, 0.15);
        Assert.Equal(labelled, metrics.Auc is > 0.9);
        Assert.Equal(labelled, metrics.Recall is > 0.5);
        Assert.Equal(ModelSchema.AnomalyClasses, file.Schema.Classes);
        Assert.Equal((float)metrics.Offset, file.Offset);
        Assert.Contains("anomaly", file.Golden.Labels);
        Assert.Contains("normal", file.Golden.Labels);
        Assert.All(file.Golden.OutputBits, row => Assert.InRange(BitConverter.UInt32BitsToSingle(row[0]), -1, 0));
    }

    [Fact]
    public void Run_Scaling_MeanZeroVarianceOneAndMissingStaysMissing()
    {
        (ModelCard card, ArtifactDescription file) = Train(Scaler);

        ScalingMetrics metrics = Assert.IsType<ScalingMetrics>(card.Metrics);
        Assert.True(metrics.MaxMean < 1e-6, $"mean {metrics.MaxMean}");
        Assert.True(metrics.MaxVarianceError < 1e-5, $"variance {metrics.MaxVarianceError}");
        Assert.Equal(1, metrics.ConstantColumns);
        Assert.Equal(("features", 3), (file.Schema.NumericOutput, file.Schema.OutputWidth));
        int missing = file.Golden.Numbers.ToList().FindIndex(row => row[1] is null && row[0] is not null);
        Assert.Equal([false, true, false], file.Golden.OutputBits[missing].Select(bits => float.IsNaN(BitConverter.UInt32BitsToSingle(bits))));
    }

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelAlgorithm.RandomForest)]
    public void Run_ClassesOnScaledColumns_ProvedAndAsGood(ModelAlgorithm algorithm)
    {
        ModelSpec plain = Classes(algorithm, null);

        double without = Assert.IsType<ClassificationMetrics>(Train(plain).Card.Metrics).Accuracy;
        double with = Assert.IsType<ClassificationMetrics>(Train(Classes(algorithm, true)).Card.Metrics).Accuracy;

        Assert.True(without > 0.9, $"{without}");
        Assert.InRange(with, without - 0.02, without + 0.02);
    }

    [Theory]
    [InlineData("bytes")]
    [InlineData("protocol")]
    [InlineData("bytes", "protocol", "rate")]
    public void Run_RequiredColumns_GoldenVectorsNeverLackThem(params string[] required)
    {
        // Regression, whose rows lack nothing by themselves.
        ModelSpec plain = Regression(ModelAlgorithm.GradientBoosting, null);
        ModelSpec spec = plain with { Columns = [.. plain.Columns.Select(c => c with { Required = required.Contains(c.Name) })] };

        GoldenVectors golden = Train(spec).File.Golden;

        Assert.Equal(!required.Contains("bytes"), golden.Numbers.Any(row => row[0] is null));
        Assert.Equal(!required.Contains("protocol"), golden.Categories.Any(row => row[0].Length == 0));
        Assert.Equal(!required.Contains("rate"), golden.Numbers.Any(row => row[1] is null));
    }

    [Fact]
    public void Run_RequiredColumnThatAFileLacks_IsRefusedWhereverItIs()
    {
        ModelSpec spec = Classes(ModelAlgorithm.GradientBoosting, null);
        ModelSpec strict = spec with { Columns = [.. spec.Columns.Select(c => c with { Required = c.Name == "rate" })] };
        using TemporaryFolder folder = new();
        string whole = folder.Combine("whole.csv");
        string lacking = folder.Combine("lacking.csv");
        File.WriteAllText(lacking, Csv(spec, seed: 1, count: 300));
        File.WriteAllLines(whole, File.ReadLines(lacking).Where(line => !line.Contains(",,", StringComparison.Ordinal)));

        Assert.NotEmpty(TrainingPipeline.CreateDefault().Run(
            new TrainingJob(strict, 1, new DataOrigin.Files(whole, whole))
            {
                Accepted = new Dictionary<string, string> { ["shared-rows"] = "one file" },
            }).Artifact);
        Assert.Equal(TrainingFault.InvalidData, Fault(lacking, whole));
        Assert.Equal(TrainingFault.InvalidData, Fault(whole, lacking));

        TrainingFault Fault(string train, string test) => Assert.Throws<TrainingException>(
            () => TrainingPipeline.CreateDefault().Run(new TrainingJob(strict, 1, new DataOrigin.Files(train, test)))).Fault;
    }

    [Theory]
    [MemberData(nameof(AllTasks))]
    public void Run_FromFiles_SameModelAsFromRows(string task)
    {
        ModelSpec spec = Spec(task);
        using TemporaryFolder folder = new();
        string train = folder.Combine("train.csv");
        string test = folder.Combine("test.csv");
        File.WriteAllText(train, Csv(spec, seed: 1, count: 900));
        File.WriteAllText(test, Csv(spec, seed: 2, count: 300));

        TrainedModel model = TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, new DataOrigin.Files(train, test)));

        Assert.Equal(0, model.Card.Parity.LabelDisagreements);
        Assert.Equal(300, model.Card.Metrics.Rows);
        Assert.Equal(Train(spec).Card.Metrics, model.Card.Metrics with { }, (a, b) => a!.Figures.SequenceEqual(b!.Figures));
    }

    [Theory]
    [MemberData(nameof(AllTasks))]
    public void Run_SameJobTwice_SameBytes(string task) =>
        Assert.Equal(TrainingPipeline.CreateDefault().Run(Job(Spec(task))).Artifact, TrainingPipeline.CreateDefault().Run(Job(Spec(task))).Artifact);

    [Fact]
    public void Run_TextWhereANumberIsToBeLearnt_InvalidData()
    {
        using DataSetBuilder builder = new(Regression(ModelAlgorithm.RandomForest, null), "rows");

        Assert.Equal(
            TrainingFault.InvalidData, Assert.Throws<TrainingException>(() => builder.Add([1f, "tcp", 2f], "much")).Fault);
    }

    [Fact]
    public void Run_OneNumberInAllRows_ConstantColumn()
    {
        ModelSpec spec = Regression(ModelAlgorithm.RandomForest, null);
        using DataSetBuilder builder = new(spec, "rows");
        for (int i = 0; i < 10; i++)
        {
            builder.Add([(float)i, i % 2 == 0 ? "tcp" : "udp", (float)-i], "7");
        }

        DataSet rows = builder.Build();

        Assert.Equal(
            TrainingFault.ConstantColumn,
            Assert.Throws<TrainingException>(() => TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, new DataOrigin.Rows(rows, rows))))
                .Fault);
    }

    public static TheoryData<string> AllTasks => ["regression", "anomalies", "known-anomalies", "scaling", "classes"];

    private static (ModelCard Card, ArtifactDescription File) Train(ModelSpec spec)
    {
        TrainedModel model = TrainingPipeline.CreateDefault().Run(Job(spec), cancellationToken: TestContext.Current.CancellationToken);
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(model.Artifact, spec.Name);
        Assert.True(verdict.IsAccepted, verdict.Refusal?.Detail);
        Assert.Equal(300, model.Card.Parity.Rows);
        Assert.Equal(0, model.Card.Parity.LabelDisagreements);
        Assert.True(model.Card.Parity.MaxAbsDiff <= 1e-6, $"parity {model.Card.Parity.MaxAbsDiff}");
        return (model.Card, verdict.Value);
    }
}
