using Google.Protobuf;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Export;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Relay.Training.Tests.Data;
using Relay.Training.Tests.Engines.Common.Sharding;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests;

/// <summary>Categories of more texts than a column has bins.</summary>
public sealed class CategoryPipelineTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public static TheoryData<ModelAlgorithm> Algorithms => [ModelAlgorithm.GradientBoosting, ModelAlgorithm.RandomForest];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting, 2, 800_000)]
    [InlineData(ModelAlgorithm.RandomForest, 2, 6_000_000)]
    [InlineData(ModelAlgorithm.GradientBoosting, 3, 1_800_000)]
    public void Run_CategoryOfThousandsOfTexts_IsLearnedInFewBytesAndProvedOnBothScorers(ModelAlgorithm algorithm, int classes, int maxBytes)
    {
        CategoryRows rows = new(Texts: 4000, classes);

        TrainedModel model = TrainingPipeline.CreateDefault().Run(rows.Job(rows.Spec(algorithm)), cancellationToken: TestContext.Current.CancellationToken);

        ClassificationMetrics metrics = Assert.IsType<ClassificationMetrics>(model.Card.Metrics);
        Assert.InRange(metrics.MacroF1, rows.Attainable - 0.03, 1);
        Assert.InRange(model.Artifact.Length, 100_000, maxBytes);
        Assert.Null(model.UnsupportedByManagedScorer);
        Assert.Equal(["agent", "rate", "size"], model.Card.Importance!.Select(i => i.Name).Order());
        Assert.Equal("agent", model.Card.Importance![0].Name);
        Assert.Equal(1, model.Card.Importance.Sum(i => i.Share), 9);
    }

    [Fact]
    public void Run_FrequencyAskedFor_StaysWithCodes()
    {
        CategoryRows rows = new(Texts: 600);
        ModelSpec spec = rows.Spec(ModelAlgorithm.GradientBoosting, CategoryEncoding.Frequency);

        TrainedModel model = TrainingPipeline.CreateDefault().Run(rows.Job(spec), cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(Assert.IsType<ClassificationMetrics>(model.Card.Metrics).MacroF1, 0.3, 0.75);
    }

    [Fact]
    public void Run_EngineThatTakesNumbers_LearnsFromTheStatisticsToo()
    {
        CategoryRows rows = new(Texts: 300);
        ModelSpec spec = rows.Spec(ModelAlgorithm.GradientBoosting, trees: 8) with { Engine = "mlnet" };

        TrainedModel model = TrainingPipeline.CreateDefault().Run(rows.Job(spec), cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(Assert.IsType<ClassificationMetrics>(model.Card.Metrics).MacroF1, rows.Attainable - 0.04, 1);
        Assert.Equal(GateVerdict.Pass, model.Card.Gates!.Single(g => g.Name == "converter-agreement").Verdict);
    }

    [Fact]
    public void Run_ScaledColumns_LeaveTheStatisticsAsTheyAre()
    {
        CategoryRows rows = new(Texts: 500, Classes: 3);
        ModelSpec spec = rows.Spec(ModelAlgorithm.GradientBoosting) with { Parameters = new ModelParameters { Trees = 20, Scale = true } };

        TrainedModel model = TrainingPipeline.CreateDefault().Run(rows.Job(spec), cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(Assert.IsType<ClassificationMetrics>(model.Card.Metrics).MacroF1, rows.Attainable - 0.04, 1);
        Assert.Null(model.UnsupportedByManagedScorer);
    }

    [Fact]
    public void Run_EitherEncoding_TakesTheSameOperators()
    {
        CategoryRows rows = new(Texts: 300, Classes: 3);

        string[][] operators =
        [
            .. new[] { CategoryEncoding.Frequency, CategoryEncoding.Target }.Select(encoding => TrainingPipeline.CreateDefault()
                .Run(rows.Job(rows.Spec(ModelAlgorithm.RandomForest, encoding, trees: 2)), cancellationToken: TestContext.Current.CancellationToken).Artifact)
                .Select(file => ModelProto.Parser.ParseFrom(file).Graph.Node.Select(n => n.OpType).Distinct().ToArray()),
        ];

        Assert.Equal(operators[0], operators[1]);
    }

    [Fact]
    public void Run_EncodingInTheSpec_IsNoPartOfTheSchemaThatNodesRead()
    {
        CategoryRows rows = new(Texts: 300);
        ModelSpec spec = rows.Spec(ModelAlgorithm.GradientBoosting, CategoryEncoding.Target, trees: 2);

        TrainedModel model = TrainingPipeline.CreateDefault().Run(rows.Job(spec), cancellationToken: TestContext.Current.CancellationToken);

        Assert.DoesNotContain("encoding", model.Card.Schema.ToJson(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(CategoryEncoding.Target, model.Card.Spec.Columns[1].Encoding);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Score_UnseenEmptyAndUnicodeTexts_BothScorersGiveTheBitsOfTheTrainer(int classes)
    {
        CategoryRows rows = new(Texts: 400, classes);
        ModelSpec spec = rows.Spec(ModelAlgorithm.GradientBoosting);
        DataOrigin.Rows origin = (DataOrigin.Rows)rows.Job(spec).Data;
        LoadedData data = LoadedData.FromSplit(new DataSplit(origin.Train, origin.Test), spec);
        FittedModel model = new ModelFitter(EngineCatalog.CreateDefault()).Fit(rows.Job(spec), data, null, TestContext.Current.CancellationToken);
        byte[] onnx = OnnxGraphWriter.Write(model).ToByteArray();
        string[] texts = ["", "never seen", "agent-1", "AGENT-1", " agent-1", "agent-größe-日本-7", "agent-gro\u0308ße-日本-7", "\u202eagent-2", "agent-2\u200b"];
        DataSet set = origin.Test with
        {
            Columns =
            [
                new NumberColumn("size", [.. texts.Select((_, i) => i * 100f)]),
                new CategoryColumn("agent", [.. texts.Select((text, i) => text.Length == 0 ? -1 : i)], texts),
                new NumberColumn("rate", [.. texts.Select(_ => 250f)]),
            ],
            Labels = new int[texts.Length],
        };

        Predictions own = model.ToParityReference(model.Score(data.Encoder.Encode(set).Columns, TestContext.Current.CancellationToken));
        using OnnxSession session = new(onnx, model.Schema);
        Predictions graph = session.Predict(set.Columns, texts.Length);
        GoldenVectors golden = GoldenCheck.Answer(session, set.Columns, texts.Length, model.Schema, null);

        Assert.Equal(own.Labels, graph.Labels);
        Assert.All(own.Values.Zip(graph.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Equal(texts, golden.Categories.Select(row => row.Single()));
        Assert.Null(ManagedScorerCheck.FindUnsupported(onnx, model.Schema));
        Assert.Null(ManagedScorerCheck.FindDifference(onnx, golden, model.Schema));
        Assert.True(graph.Values[2 * classes] != graph.Values[1 * classes], "a text of training is answered as an unseen one");
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Train_StatisticsOnAnyNumberOfShardsAndThreads_GivesTheSameBitsAsRowsInMemory(ModelAlgorithm algorithm)
    {
        CategoryRows rows = new(Texts: 300, Classes: 3);
        DataSource source = new(rows.Spec(algorithm, trees: 4), _folder.WriteText("rows.csv", rows.Csv(2000)), null);
        string inMemory = Digest(LoadedData.FromSplit(DataLoader.Load(source), source.Spec).Train, algorithm, 2);

        string[] digests =
        [
            .. from shards in new[] { 1, 3 }
               from threads in new[] { 1, 2 }
               from digest in ShardThreads.Run(shards, shard => Digest(DataLoader.LoadBinned(source, shard, threads).Train, algorithm, threads))
               select digest,
        ];

        Assert.Equal(2 * (1 + 3), digests.Length);
        Assert.All(digests, digest => Assert.Equal(inMemory, digest));
    }

    [Fact]
    public void LoadBinned_NumbersToLearn_StatisticsAreThoseOfRowsInMemory()
    {
        CategoryRows rows = new(Texts: 300, Classes: 3);
        ModelSpec classes = rows.Spec(ModelAlgorithm.GradientBoosting, trees: 4);
        string csv = rows.Csv(3000).Replace("class ", "1.", StringComparison.Ordinal);
        DataSource source = new(classes with { Task = ModelTask.Regression }, _folder.WriteText("numbers.csv", csv), null);
        LoadedData inMemory = LoadedData.FromSplit(DataLoader.Load(source), source.Spec);

        string[] digests = ShardThreads.Run(2, shard => Digest(DataLoader.LoadBinned(source, shard, 1).Train, ModelAlgorithm.GradientBoosting, 1));

        Assert.NotNull(inMemory.Encoder.Encodings[1].Statistics);
        Assert.All(digests, digest => Assert.Equal(Digest(inMemory.Train, ModelAlgorithm.GradientBoosting, 2), digest));
    }

    private static string Digest(TrainingSet set, ModelAlgorithm algorithm, int threads)
    {
        ModelParameters parameters = new() { Trees = 4 };
        return EnsembleDigest.Compute(algorithm is ModelAlgorithm.RandomForest
            ? new RandomForestTrainer(threads).Train(set, parameters, null, default)
            : new GradientBoostingTrainer(threads).Train(set, parameters, null, default));
    }
}
