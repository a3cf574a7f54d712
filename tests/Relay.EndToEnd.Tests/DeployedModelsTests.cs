using System.IO.Compression;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using Relay.TestKit;
using Relay.Training.Recipes.Reputation;
using Shared.Contracts.Addresses;
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
        string? listed = SharedData.File("ip-reputation/ipsum-2026-08-22.txt.gz");
        string? resolvers = SharedData.File("ip-reputation/public-dns-v4.json");
        Assert.SkipWhen(listed is null || resolvers is null, "shared/data/ip-reputation is not beside the repository");
        ReputationSources sources = new()
        {
            Bad = [listed],
            Known = [("resolver", resolvers)],
            PublicRows = 100_000,
            HeldOutRows = 40_000,
        };
        ReputationRecipe.Write(sources, _datasets.Combine("train.csv.gz"), _datasets.Combine("test.csv.gz"), Cancel);

        ModelCard card = await TrainAndAskAsync("ip-reputation", new() { Train = "train.csv.gz", Test = "test.csv.gz" }, AssertLists);

        FairnessGroup[] groups = [.. card.Evaluation!.Fairness!.Single().Groups];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', groups.Select(g => $"{g.Value}: {g.Accuracy!.Figure} of {g.Rows} right")));
        Assert.True(groups.Single(g => g.Value == "random public address").Accuracy!.Low > 0.997, "random addresses called bad");
        Assert.True(groups.Single(g => g.Value == "resolver").Accuracy!.Low > 0.98, "resolvers called bad");
        Assert.True(groups.Single(g => g.Value == "listed, address held out").Accuracy!.Low > 0.25, "bad addresses found");
        GateResult precision = card.Gates!.Single(g => g.Name == "class-precision");
        Assert.True(precision.Verdict is GateVerdict.Pass, precision.Detail);

        void AssertLists(IRelayModel model)
        {
            foreach (string entry in ReadTexts(listed).Take(2000))
            {
                Assert.Equal(1f, model.PredictProbabilities([], AddressFeatures.Extract(entry).Value!)[1]);
            }

            Assert.Equal("good", model.Predict([], AddressFeatures.Extract("9.9.9.9").Value!).Label);
        }
    }

    public void Dispose() => _datasets.Dispose();

    private async Task<ModelCard> TrainAndAskAsync(string name, TrainingDataSource data, Action<IRelayModel>? assert = null)
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
        assert?.Invoke(client.Model(name));
        return card;
    }

    private static IEnumerable<string> ReadTexts(string list)
    {
        using StreamReader lines = new(new GZipStream(File.OpenRead(list), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            if (line[0] != '#')
            {
                yield return line.Split('\t')[0];
            }
        }
    }

    private static void AssertGolden(ArtifactDescription file, IRelayModel model)
    {
        for (int row = 0; row < file.Golden.Rows; row++)
        {
            float[] numbers = [.. file.Golden.Numbers[row].Select(n => n ?? float.NaN)];
            string[] texts = [.. file.Golden.Categories.Count == 0 ? [] : file.Golden.Categories[row]];
            (string? label, float[] outputs) = Ask(model, numbers, texts);
            Assert.Equal(file.Golden.LabelOf(row), label);
            Assert.Equal(file.Golden.OutputBits[row], MemoryMarshal.Cast<float, uint>(outputs).ToArray());
        }
    }

    private static (string? Label, float[] Outputs) Ask(IRelayModel model, float[] numbers, string[] texts)
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
                return (model.Predict(numbers, texts).Label, model.PredictProbabilities(numbers, texts));
        }
    }
}
