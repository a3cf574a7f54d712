using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>Rows of a real node in a dataset of a real relay, as far as signed file and dataset agree.</summary>
public sealed class SamplesToDatasetTests : IAsyncLifetime
{
    private const string Dataset = "traffic";
    private TestRelay _relay = null!;
    private NodeOfARelay _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _node = new NodeOfARelay(_relay, SmallModel.Name);
        ModelSpec spec = SmallModel.Spec() with { Samples = new SampleConsent(Dataset, ["rate", "protocol"]) };
        await _relay.PublishAsync("stable", await _relay.TrainAsync(spec, SmallModel.Data, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Record_RowsAndALateLabel_AreInTheDatasetUnderTheNodesName()
    {
        await CreateDatasetAsync("rate", "protocol");
        using SyncClient client = await OpenAsync();

        string? id = client.Samples.Record(SmallModel.Name, [95, 10], ["tcp"]);
        client.Samples.Record(SmallModel.Name, [5, 10], ["udp"]);
        Assert.Null(await client.SendSamplesAsync(Cancel));
        Assert.True(client.Samples.Label(SmallModel.Name, id!, "flood"));
        Assert.Null(await client.SendSamplesAsync(Cancel));

        DatasetView view = await ViewAsync();
        Assert.Equal((2, 1), (view.Rows, view.Labels));
        Assert.Equal(new DatasetSource("node:end-to-end", 2, 1), Assert.Single(view.Sources));
        Assert.Equal(3, client.Samples.Counts.Taken);
    }

    [Fact]
    public async Task Record_ColumnThatTheDatasetTakesFromNobody_IsRefusedAndSaid()
    {
        await CreateDatasetAsync("rate");
        using SyncClient client = await OpenAsync();
        client.Samples.Record(SmallModel.Name, [95, 10], ["tcp"]);

        string? detail = (await client.SendSamplesAsync(Cancel))?.Detail;

        Assert.Contains("NotConsented in 'protocol'", detail, StringComparison.Ordinal);
        Assert.Equal(0, (await ViewAsync()).Rows);
    }

    private async Task<SyncClient> OpenAsync()
    {
        string token = await _relay.CreateEnrollmentTokenAsync();
        SyncClient client = _node.Open(options => (options.EnrollmentToken, options.Samples) = (token, new SampleOptions()));
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        return client;
    }

    private async Task CreateDatasetAsync(params string[] ofNodes)
    {
        DatasetSpec spec = new()
        {
            Name = Dataset,
            Columns =
            [
                new("rate", ColumnType.Number) { Nodes = ofNodes.Contains("rate") },
                new("protocol", ColumnType.Category) { Nodes = ofNodes.Contains("protocol") },
                new("verdict", ColumnType.Label) { Nodes = true },
            ],
            Label = new DatasetLabel { Classes = ["benign", "flood", "scan"] },
        };
        using HttpResponseMessage created = await _relay.Admin.PostAsJsonAsync(Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec, Cancel);
        created.EnsureSuccessStatusCode();
    }

    private async Task<DatasetView> ViewAsync() =>
        (await _relay.Admin.GetFromJsonAsync(Routes.DatasetOf(Dataset), RelayApiJson.Default.DatasetView, Cancel))!;
}
