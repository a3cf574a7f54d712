using System.Net.Http.Json;
using System.Runtime.InteropServices;
using Relay.TestKit;
using Relay.Training.Specs;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

public sealed class RelayToNodeTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _relay = await TestRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Publish_TwoVersionsAndBack_NodeFollowsAndReports()
    {
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open();
        Assert.False(client.Model(SmallModel.Name).IsReady);

        ChannelView first = await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3, Cancel));
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Equal(1, client.Model(SmallModel.Name).Active.Version);

        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 6, Cancel));
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Equal(2, client.Model(SmallModel.Name).Active.Version);
        Assert.Equal(2, client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version);

        using HttpResponseMessage back = await _relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Release = first.Release }, RelayApiJson.Default.ReleaseRequest, Cancel);
        back.EnsureSuccessStatusCode();
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Equal(1, client.Model(SmallModel.Name).Active.Version);
        Assert.False((await client.RefreshAsync(Cancel)).Activated);

        Page<NodeView> nodes = (await _relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, Cancel))!;
        CheckIn report = Assert.Single(nodes.Items).CheckIn;
        Assert.Equal(("end-to-end", first.Release, 1), (report.Node, report.Release, Assert.Single(report.Models).Version));
    }

    /// <summary>A channel that is deleted takes nothing from a node that is on it, and one that is made again leads it on.</summary>
    [Fact]
    public async Task DeletedChannel_NodeKeepsItsModelAndFollowsTheChannelOfThatNameAgain()
    {
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3, Cancel));
        await client.RefreshAsync(Cancel);

        using HttpResponseMessage deleted = await _relay.Admin.DeleteAsync(Routes.ChannelOf("stable") + "?force=true", Cancel);
        deleted.EnsureSuccessStatusCode();
        RefreshResult without = await client.RefreshAsync(Cancel);
        Assert.False(without.Activated);
        Assert.Equal(1, client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version);

        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 6, Cancel));
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Equal(2, client.Model(SmallModel.Name).Active.Version);
    }

    [Fact]
    public async Task Predict_SomeRows_TheFleetHasTheirCallsAndLabels()
    {
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open(options => options.UsageInterval = TimeSpan.FromSeconds(1));
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3, Cancel));
        await client.RefreshAsync(Cancel);
        string label = Enumerable.Range(0, 5).Select(_ => client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Label).ToArray()[^1];

        FleetView fleet = await Eventually.GetAsync(
            async () =>
            {
                await client.RefreshAsync(Cancel);
                return (await _relay.Admin.GetFromJsonAsync(Routes.Fleet, RelayApiJson.Default.FleetView, Cancel))!;
            },
            view => view.Usage.Count > 0, "the fleet has the node's calls");

        Assert.Equal((5, 5, 0), (fleet.Usage[0].Calls, fleet.Usage[0].Rows, fleet.Usage[0].Failures));
        Assert.Equal([new FleetLabel(label, 5)], fleet.Usage[0].Labels);
        Assert.Equal([new FleetVersion(SmallModel.Name, 1, 1)], fleet.Versions);
    }

    [Fact]
    public async Task Predict_RowWithoutARequiredColumn_IsRefusedByTheNode()
    {
        ModelSpec spec = SmallModel.Spec();
        ModelSpec strict = spec with { Columns = [.. spec.Columns.Select(c => c with { Required = c.Name is "size" or "protocol" })] };
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open();
        await _relay.PublishAsync("stable", await _relay.TrainAsync(strict, SmallModel.Data, Cancel));
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        IRelayModel model = client.Model(SmallModel.Name);

        Assert.Equal(1, model.Predict([float.NaN, 10], ["tcp"]).Version);
        Assert.Equal(RelayModelFault.MissingValue, Assert.Throws<RelayModelException>(() => model.Predict([95, float.NaN], ["tcp"])).Fault);
        Assert.Equal(RelayModelFault.MissingValue, Assert.Throws<RelayModelException>(() => model.Predict([95, 10], [""])).Fault);
    }

    [Fact]
    public async Task Restart_WithTheRelayGone_NodeServesFromItsOwnDisk()
    {
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        Prediction before;
        using (SyncClient client = node.Open())
        {
            await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
            await client.RefreshAsync(Cancel);
            before = client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]);
        }

        await _relay.AbortAsync();
        using SyncClient again = node.Open();
        await again.RestoreAsync(Cancel);
        Assert.Equal(before, again.Model(SmallModel.Name).Predict([95, 10], ["tcp"]));

        Assert.Equal(RefusalReason.TransportUnavailable, (await again.RefreshAsync(Cancel)).Refusal?.Reason);
        Assert.Equal(before, again.Model(SmallModel.Name).Predict([95, 10], ["tcp"]));
    }

    [Fact]
    public async Task Restart_OfTheRelay_NodeGoesOnFromWhereItWas()
    {
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        await client.RefreshAsync(Cancel);

        await _relay.RestartAsync();
        Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 8, Cancel));
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Equal(2, client.Model(SmallModel.Name).Active.Version);
    }

    [Fact]
    public async Task Golden_OfTheServedFile_ComeOutOfTheNodeBitByBit()
    {
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        await client.RefreshAsync(Cancel);

        AssertGolden(await DownloadAsync(SmallModel.Name), client.Model(SmallModel.Name));
    }

    [Fact]
    public async Task Train_Kdd99ThroughTheRelay_NodeAnswersCategoriesAndNumbers()
    {
        string? train = SharedData.File($"kdd99/{KddCup99.TrainFile}");
        Assert.SkipWhen(train is null, "shared/data/kdd99 is not beside the repository");
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { DatasetsFolder = Path.GetDirectoryName(train) });
        ModelSpec spec = KddCup99.Spec with { Parameters = new ModelParameters { Trees = 4, Depth = 4 } };
        ModelVersion version = await relay.TrainAsync(spec, new() { Train = KddCup99.TrainFile, Test = KddCup99.TestFile }, Cancel);
        await relay.PublishAsync("stable", version);

        using NodeOfARelay node = new(relay, spec.Name);
        using SyncClient client = node.Open();
        Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
        byte[] artifact = await relay.Anonymous.GetByteArrayAsync($"/models/{spec.Name}.onnx", Cancel);
        AssertGolden(artifact, client.Model(spec.Name));
        Assert.Equal(["normal", "dos", "probe", "r2l", "u2r"], client.Model(spec.Name).Active.Schema.Classes);
    }

    private Task<byte[]> DownloadAsync(string model) => _relay.Anonymous.GetByteArrayAsync($"/models/{model}.onnx", Cancel);

    private static void AssertGolden(byte[] artifact, IRelayModel model)
    {
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(artifact, model.Name);
        GoldenVectors golden = verdict.Value!.Golden;
        Assert.NotEmpty(golden.Labels);
        for (int row = 0; row < golden.Labels.Count; row++)
        {
            float[] numbers = [.. golden.Numbers[row].Select(n => n ?? float.NaN)];
            string[] categories = [.. golden.Categories[row]];
            Assert.Equal(golden.Labels[row], model.Predict(numbers, categories).Label);
            Assert.Equal(
                golden.OutputBits[row], MemoryMarshal.Cast<float, uint>(model.PredictProbabilities(numbers, categories)).ToArray());
        }
    }
}
