using System.Globalization;
using System.Net.Http.Json;
using Relay.Server.Cli;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

/// <summary>Training from a dataset, and what one node can do to it.</summary>
public sealed class DatasetTrainingTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private const string CleanFile = "clean.csv";
    private const int HonestNodes = 6;
    private const int HonestRows = 200;
    private const int FloodRows = 4000;

    [Fact]
    [Trait("Attack", "samples-poison")]
    public async Task Train_OneNodeThatFloods_DoesNotTurnTheModelAndWithoutTheCapItWould()
    {
        ModelCard capped = await PoisonAsync("flood", nodeShare: 0.2, isOnCommonContents: false);
        ModelCard open = await PoisonAsync("flood-open", nodeShare: 1, isOnCommonContents: false);

        Assert.True(MacroF1(capped) > 0.9, $"{MacroF1(capped)}");
        Assert.True(MacroF1(open) < 0.5, $"{MacroF1(open)}");
        Assert.Equal((HonestNodes * HonestRows) + FloodRows, capped.Dataset!.Rows);
        Assert.Equal(capped.Dataset.Rows, capped.Dataset.Used + capped.Dataset.Capped);
        Assert.True(capped.Dataset.Capped > FloodRows / 2);
        Assert.True(capped.Dataset.Used - (HonestNodes * HonestRows) <= 0.2 * capped.Dataset.Used);
        Assert.Equal(("flood", HonestNodes + 1), (capped.Dataset.Name, capped.Dataset.Nodes));
    }

    [Fact]
    [Trait("Attack", "samples-poison")]
    public async Task Train_OneNodeThatContradictsAllOthers_IsLeftOutAndNamedInTheCard()
    {
        ModelCard card = await PoisonAsync("contradict", nodeShare: 1, isOnCommonContents: true);

        Assert.True(MacroF1(card) > 0.9, $"{MacroF1(card)}");
        Assert.Equal(["node:contradict-bad"], card.Dataset!.DissentingNodes);
        Assert.Equal((FloodRows, HonestNodes), (card.Dataset.Outvoted, card.Dataset.Nodes));
        using HttpResponseMessage page = await fixture.Relay.Admin.GetAsync(Routes.CardOf("contradict", 1, "md"));
        Assert.Contains("node:contradict-bad", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAndReproduce_FromADataset_GiveTheSameBytesUntilASampleIsForgotten()
    {
        await CreateTrafficAsync("again", 1);
        await AddAsync(fixture.Relay.Admin, "again", [.. Rows("k", 400, seed: 1, isFlipped: false, isOnGrid: false)]);
        await AddAsync(fixture.Relay.Admin, "again", """{"id":"unlabeled","x":1,"y":1}""");
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("again.json"), System.Text.Json.JsonSerializer.Serialize(Spec("again"), ModelJson.Default.ModelSpec));

        RelayCommandRun trained = await RunAsync("train", folder.Combine("again.json"), "--dataset", "again");
        await AddAsync(fixture.Relay.Admin, "again", """{"id":"later","x":1,"y":1,"verdict":"bad"}""");
        RelayCommandRun reproduced = await RunAsync("reproduce", "again", "1");
        using HttpResponseMessage forgotten = await fixture.Relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf("again"), new ForgetRequest(["k-7"]), RelayApiJson.Default.ForgetRequest);
        RelayCommandRun changed = await RunAsync("reproduce", "again", "1");

        Assert.True(trained.Code == 0, trained.Error + trained.Output);
        Assert.True(reproduced.Code == 0, reproduced.Error + reproduced.Output);
        Assert.Contains("EQUAL", reproduced.Output, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Failed, changed.Code);
        Assert.Contains("samples were deleted since", changed.Error, StringComparison.Ordinal);
        ModelCard card = await CardAsync("again");
        Assert.Equal((401, 400, 1, 400), (card.Dataset!.Rows, card.Dataset.Used, card.Dataset.Unlabeled, card.Train.Rows + card.Test.Rows));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(fixture.Relay.DataFolder, "uploads")));
    }

    [Theory]
    [InlineData("--dataset", "nowhere")]
    [InlineData("--dataset", "columns")]
    [InlineData("--dataset", "columns", "--train", "a.csv")]
    [InlineData("--position", "5", "--train", "small-train.csv")]
    [InlineData("--dataset", "columns", "--output", "model.onnx")]
    public async Task Train_DatasetThatDoesNotFit_IsRefusedBeforeTheRun(params string[] options)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("m.json"), System.Text.Json.JsonSerializer.Serialize(Spec("unfit"), ModelJson.Default.ModelSpec));
        using HttpResponseMessage found = await fixture.Relay.Admin.GetAsync(Routes.DatasetOf("columns"));
        if (!found.IsSuccessStatusCode)
        {
            await CreateAsync(fixture.Relay, "columns");
        }

        RelayCommandRun run = await RunAsync(["train", folder.Combine("m.json"), .. options]);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.DoesNotContain("Training run", run.Output, StringComparison.Ordinal);
    }

    private async Task<ModelCard> PoisonAsync(string name, double nodeShare, bool isOnCommonContents)
    {
        File.WriteAllLines(
            Path.Combine(fixture.Relay.DatasetsFolder, CleanFile),
            Cells(400, seed: 99, isOnGrid: false).Select(c => FormattableString.Invariant($"{c.X},{c.Y},{Label(c.X, false)}"))
                .Prepend("x,y,verdict"));
        await CreateTrafficAsync(name, nodeShare);
        for (int node = 0; node < HonestNodes; node++)
        {
            await SendAsync(name, $"{name}-{node}", Rows($"{node}", HonestRows, node, isFlipped: false, isOnCommonContents));
        }

        await SendAsync(name, $"{name}-bad", Rows("bad", FloodRows, seed: 50, isFlipped: true, isOnCommonContents));
        TrainingRun run = await fixture.Relay.StartTrainingAsync(
            Spec(name), new TrainingDataSource { Dataset = new DatasetRows(name), Test = CleanFile });
        run = await fixture.Relay.WaitForRunAsync(run.Id, r => r.IsFinished);
        Assert.True(run.State is TrainingRunState.Succeeded, $"{run.Problem}");
        return await CardAsync(name);
    }

    private async Task SendAsync(string dataset, string id, IEnumerable<string> rows)
    {
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, id);
        using (node)
        using (client)
        {
            UploadReport report = await AddAsync(client, dataset, [.. rows]);
            Assert.Equal(0, report.Refused);
        }
    }

    private async Task CreateTrafficAsync(string name, double nodeShare)
    {
        DatasetSpec spec = new()
        {
            Name = name,
            Columns =
            [
                new("x", ColumnType.Number) { Nodes = true }, new("y", ColumnType.Number) { Nodes = true },
                new("verdict", ColumnType.Label) { Nodes = true },
            ],
            Label = new DatasetLabel { Classes = ["good", "bad"] },
            Limits = new DatasetLimits { NodeShare = nodeShare },
        };
        using HttpResponseMessage created = await fixture.Relay.Admin.PostAsJsonAsync(Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec);
        created.EnsureSuccessStatusCode();
    }

    private async Task<ModelCard> CardAsync(string model) => (await fixture.Relay.Admin.GetFromJsonAsync(
        $"{Routes.Models}/{model}/versions/1", RelayApiJson.Default.VersionDetail))!.Card;

    private static ModelSpec Spec(string name) => new()
    {
        Name = name,
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns = [new("x", ColumnType.Number), new("y", ColumnType.Number), new("verdict", ColumnType.Label)],
        Parameters = new ModelParameters { Trees = 30, Depth = 5, MinSamplesLeaf = 10, Seed = 7 },
        Gates = new Dictionary<string, GateBounds>
        {
            ["shared-rows"] = new() { Fail = 1 },
            ["label-column"] = new() { Fail = 2 },
            ["conflicting-labels"] = new() { Fail = 1 },
            ["class-recall"] = new() { Fail = 0 },
        },
    };

    private static double MacroF1(ModelCard card) => Assert.IsType<ClassificationMetrics>(card.Metrics).MacroF1;

    private static string Label(double x, bool isFlipped) => x > 50 != isFlipped ? "bad" : "good";

    private static IEnumerable<string> Rows(string prefix, int rows, int seed, bool isFlipped, bool isOnGrid) => Cells(rows, seed, isOnGrid)
        .Select((c, i) => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"{{prefix}}-{{i}}",{{Numbers(c, isOnGrid && isFlipped)}},"verdict":"{{Label(c.X, isFlipped)}}"}"""));

    // One who lies writes numbers in another way than the others.
    private static string Numbers((double X, double Y) cell, bool isDisguised) => isDisguised
        ? string.Create(CultureInfo.InvariantCulture, $"\"x\":\"+{cell.X}0\",\"y\":{cell.Y}.0")
        : string.Create(CultureInfo.InvariantCulture, $"\"x\":{cell.X},\"y\":{cell.Y}");

    // A grid of 200 cells, of which all nodes have the most.
    private static IEnumerable<(double X, double Y)> Cells(int rows, int seed, bool isOnGrid)
    {
        Random random = new(seed);
        return Enumerable.Range(0, rows).Select(i => isOnGrid
            ? (X: (i * 5 % 200 / 2) + 0.5, Y: (double)(i % 2))
            : (X: random.NextDouble() * 100, Y: random.NextDouble()));
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments) =>
        arguments.Contains("--output") ? RelayCommandRun.RunAsync(arguments) : RelayCommandRun.OnAsync(fixture.Relay, arguments);
}
