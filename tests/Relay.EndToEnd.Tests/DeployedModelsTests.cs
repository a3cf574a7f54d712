using System.Net.Http.Json;
using System.Runtime.InteropServices;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>The four models that the repository ships a spec for: each is trained by a relay, proved on all held-out rows, published,
/// and answers on a node as its golden vectors say.</summary>
public sealed class DeployedModelsTests : IDisposable
{
    private const int Requests = 8_000;
    private readonly TemporaryFolder _datasets = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("threat-classifier")]
    [InlineData("anomaly-detector")]
    [InlineData("feature-scaler")]
    public async Task Train_OnSimulatedTraffic_NodeAnswersAsSigned(string name)
    {
        ModelCard card = await TrainAndAskAsync(name, new() { Simulator = new SimulatorSource(7, Requests) });

        switch (card.Metrics)
        {
            case ClassificationMetrics classes:
                Assert.True(classes.MacroF1 > 0.8, $"macro-F1 {classes.MacroF1}");
                Assert.NotNull(card.Importance);
                break;
            case AnomalyMetrics anomalies:
                Assert.InRange(anomalies.Flagged, 0.02, 0.4);
                Assert.True(anomalies.Auc > 0.6, $"AUC {anomalies.Auc}");
                break;
            case ScalingMetrics scaling:
                Assert.True(scaling.MaxMean < 1e-3 && scaling.MaxVarianceError < 1e-3, $"{scaling}");
                break;
        }
    }

    [Fact]
    public async Task Train_ReputationOnRealLists_NodeAnswersAsSigned()
    {
        Assert.SkipUnless(
            ReputationRows.Write(_datasets.Combine("train.csv"), _datasets.Combine("test.csv")),
            "shared/data/ip-reputation is not beside the repository");

        ModelCard card = await TrainAndAskAsync("ip-reputation", new() { Train = "train.csv", Test = "test.csv" });

        ClassificationMetrics metrics = Assert.IsType<ClassificationMetrics>(card.Metrics);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{card.Train.Rows} rows, {metrics.Rows} held out, AUC {metrics.MacroAuc}, macro-F1 {metrics.MacroF1}, accuracy {metrics.Accuracy}");
        Assert.True(metrics.MacroAuc > 0.6, $"AUC {metrics.MacroAuc}");
    }

    public void Dispose() => _datasets.Dispose();

    private async Task<ModelCard> TrainAndAskAsync(string name, TrainingDataSource data)
    {
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { DatasetsFolder = _datasets.FullPath });
        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(RepositoryRoot.Combine("deploy", "models", $"{name}.json")));
        await relay.PublishAsync("stable", await relay.TrainAsync(spec, data, Cancel));
        byte[] artifact = await relay.Anonymous.GetByteArrayAsync($"/models/{name}.onnx", Cancel);
        VersionDetail detail = (await relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{name}/versions/1", RelayApiJson.Default.VersionDetail, Cancel))!;
        ModelCard card = detail.Card;
        Assert.True(card.Parity.Rows > Requests / 5, $"{card.Parity.Rows} rows");
        Assert.Equal((card.Test.Rows, 0), (card.Parity.Rows, card.Parity.LabelDisagreements));
        Assert.True(card.Parity.MaxAbsDiff <= 1e-6, $"parity {card.Parity.MaxAbsDiff}");

        using NodeOfARelay node = new(relay, name);
        using SyncClient client = node.Open();
        Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
        Assert.Equal(ScorerKind.Managed, client.Model(name).Active.Scorer);
        AssertGolden(ArtifactInspector.Inspect(artifact, name).Value!, client.Model(name));
        return card;
    }

    private static void AssertGolden(ArtifactDescription file, IRelayModel model)
    {
        for (int row = 0; row < file.Golden.Rows; row++)
        {
            float[] numbers = [.. file.Golden.Numbers[row].Select(n => n ?? float.NaN)];
            (string? label, float[] outputs) = Ask(model, numbers);
            Assert.Equal(file.Golden.LabelOf(row), label);
            Assert.Equal(file.Golden.OutputBits[row], MemoryMarshal.Cast<float, uint>(outputs).ToArray());
        }
    }

    private static (string? Label, float[] Outputs) Ask(IRelayModel model, float[] numbers)
    {
        switch (model.Active.Schema.Task)
        {
            case ModelTask.AnomalyDetection:
                AnomalyScore score = model.ScoreSamples(numbers);
                return (score.IsAnomaly ? "anomaly" : "normal", [score.Score]);
            case ModelTask.Scaling:
                float[] features = new float[numbers.Length];
                model.Transform(numbers, features);
                return (null, features);
            default:
                return (model.Predict(numbers).Label, model.PredictProbabilities(numbers));
        }
    }
}
