using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Training;

/// <summary>Gates of a relay: a refused run leaves nothing, an accepted gate stays to be seen, and the incumbent is what nodes run.</summary>
public sealed class GateTests : IAsyncLifetime
{
    private const string Numbered = "numbered.csv";

    private static readonly TrainingDataSource NumberedData = new() { Train = Numbered };
    private static readonly GateAcceptance[] Port = [new("row-number", "The column is the port of the sensor.")];

    private TestRelay _relay = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        StringBuilder csv = new("rate,size,protocol,verdict\n");
        Random random = new(4);
        for (int row = 0; row < 600; row++)
        {
            double rate = random.NextDouble() * 100;
            csv.Append(CultureInfo.InvariantCulture, $"{rate:F3},{row},{(row % 3 == 0 ? "tcp" : "udp")},{(rate > 60 ? "flood" : "benign")}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(_relay.DatasetsFolder, Numbered), csv.ToString());
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Run_GateFails_NoVersionAndTheResultsAreKept()
    {
        TrainingRun run = await RunAsync(SmallModel.Spec(), NumberedData, []);

        Assert.Equal((TrainingRunState.Failed, "GateFailed", null), (run.State, run.Problem?.Fault, run.Version));
        GateResult failed = Assert.Single(run.Gates!, g => g.Verdict is GateVerdict.Fail);
        Assert.Equal(("row-number", 1d), (failed.Name, failed.Figure));
        Page<VersionView> versions = (await _relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}/versions", RelayApiJson.Default.PageVersionView))!;
        Assert.Empty(versions.Items);
        Assert.Empty(Directory.GetFiles(Path.Combine(_relay.DataFolder, "artifacts"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Run_GateIsAccepted_VersionCardAndSignedResultSayFailedAndWhy()
    {
        TrainingRun run = await RunAsync(SmallModel.Spec(), NumberedData, Port);
        await _relay.PublishAsync("stable", new ModelVersion(SmallModel.Name, 1));

        Assert.Equal((1, Port[0]), (run.Version, Assert.Single(run.Accept!)));
        GateResult gate = (await CardAsync(1)).Gates!.Single(g => g.Name == "row-number");
        Assert.Equal((GateVerdict.Fail, Port[0].Reason), (gate.Verdict, gate.Accepted));
        JsonElement predicate = await TestResultAsync(1);
        Assert.Equal("FAILED", predicate.GetProperty("result").GetString());
        Assert.Equal(["row-number"], Texts(predicate, "failedTests"));
        Assert.Contains("parity", Texts(predicate, "passedTests"));
        Assert.DoesNotContain("row-number", Texts(predicate, "passedTests"));
        JsonElement signed = predicate.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == "row-number");
        Assert.Equal((Port[0].Reason, 1d), (signed.GetProperty("accepted").GetString(), signed.GetProperty("figure").GetDouble()));
        Assert.DoesNotContain("size'", predicate.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SecondVersion_IsComparedWithTheOneThatStableRunsAndNotWithTheNewest()
    {
        await RunAsync(SmallModel.Spec(trees: 20), SmallModel.Data, []);
        await _relay.PublishAsync("stable", new ModelVersion(SmallModel.Name, 1));
        await RunAsync(
            SmallModel.Spec(trees: 1) with { Parameters = new ModelParameters { Trees = 1, Depth = 1 } }, SmallModel.Data, TestRelay.AnyIncumbent);

        TrainingRun third = await RunAsync(
            SmallModel.Spec(trees: 1) with { Parameters = new ModelParameters { Trees = 1, Depth = 1 } }, SmallModel.Data, []);

        Assert.Equal(TrainingRunState.Failed, third.State);
        GateResult fall = third.Gates!.Single(g => g.Name == "incumbent-macro-f1");
        Assert.Equal(GateVerdict.Fail, fall.Verdict);
        Assert.Contains("version 1 ", fall.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_IncumbentWhoseFileIsLostOrDamaged_SaysWhatToDo(bool isThere)
    {
        await RunAsync(SmallModel.Spec(), SmallModel.Data, []);
        string file = Path.Combine(_relay.DataFolder, "artifacts", (await CardAsync(1)).Sha256);
        File.Delete(file);
        if (isThere)
        {
            await File.WriteAllTextAsync(file, "not the model");
        }

        TrainingRun second = await RunAsync(SmallModel.Spec(), SmallModel.Data, []);

        Assert.Equal((TrainingRunState.Failed, "MissingData"), (second.State, second.Problem!.Fault));
        Assert.Contains("small version 1", second.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("revoke that version", second.Problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"gate":"row-numbers","reason":"a reason"}]""")]
    [InlineData("""[{"gate":"parity","reason":"a reason"}]""")]
    [InlineData("""[{"gate":"row-number","reason":""}]""")]
    [InlineData("""[{"gate":"row-number","reason":"a"},{"gate":"row-number","reason":"b"}]""")]
    public async Task Start_AcceptanceThatCannotBe_IsRefusedAtOnce(string accept)
    {
        await _relay.TrainSmallAsync();

        using HttpResponseMessage response = await _relay.Admin.PostAsync(
            Routes.TrainingRuns, HttpResponses.Json($$"""{"model":"small","data":{"train":"small-train.csv"},"accept":{{accept}}}"""));

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.True(problem.RootElement.GetProperty("errors").EnumerateObject().Any());
    }

    [Fact]
    public async Task Put_SpecWithAnUnknownGate_IsRefused()
    {
        ModelSpec spec = SmallModel.Spec() with { Gates = new Dictionary<string, GateBounds> { ["row-numbers"] = new() { Fail = 1 } } };

        using HttpResponseMessage response = await _relay.Admin.PutAsJsonAsync($"{Routes.Models}/{spec.Name}", spec, ModelJson.Default.ModelSpec);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    private async Task<TrainingRun> RunAsync(ModelSpec spec, TrainingDataSource data, IReadOnlyList<GateAcceptance> accept)
    {
        TrainingRun run = await _relay.StartTrainingAsync(spec, data, TestContext.Current.CancellationToken, accept);
        return await _relay.WaitForRunAsync(run.Id, r => r.IsFinished, TestContext.Current.CancellationToken);
    }

    private async Task<ModelCard> CardAsync(int version) => (await _relay.Admin.GetFromJsonAsync(
        $"{Routes.Models}/{SmallModel.Name}/versions/{version}", RelayApiJson.Default.VersionDetail))!.Card;

    private async Task<JsonElement> TestResultAsync(int version)
    {
        string path = Directory.GetFiles(
            Path.Combine(_relay.DataFolder, "repository", "targets", "models", SmallModel.Name, $"{version}"), "*test-result.dsse.json").First();
        using JsonDocument envelope = JsonDocument.Parse(await File.ReadAllBytesAsync(path));
        using JsonDocument statement = JsonDocument.Parse(envelope.RootElement.GetProperty("payload").GetBytesFromBase64());
        return statement.RootElement.GetProperty("predicate").Clone();
    }

    private static string[] Texts(JsonElement predicate, string list) =>
        [.. predicate.GetProperty(list).EnumerateArray().Select(t => t.GetString()!)];
}
