using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Fleet;
using Relay.Server.Tests.Cli;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

public sealed class BannedNodeTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private static readonly ModelSpec Model = new()
    {
        Name = "banned",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns = [new("length", ColumnType.Number), new("verdict", ColumnType.Label)],
        Parameters = new ModelParameters { Trees = 2, Depth = 3 },
        Gates = new Dictionary<string, GateBounds>
        {
            ["shared-rows"] = new() { Fail = 1 },
            ["label-column"] = new() { Fail = 2 },
            ["conflicting-labels"] = new() { Fail = 1 },
        },
    };

    [Fact]
    [Trait("Attack", "samples-poison")]
    public async Task Train_SamplesOfANodeThatWasBanned_AreLeftOutCountedAndLeftOutAgainWhenTheRunIsReproduced()
    {
        await CreateAsync(fixture.Relay, "banned", new DatasetLimits { NodeShare = 1 });
        await AddAsync(fixture.Relay.Admin, "banned", [.. Enumerable.Range(0, 400).Select(i => Row("key", i, isFlipped: false))]);
        foreach (string id in new[] { "banned-good", "banned-bad" })
        {
            (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, id);
            using (node)
            using (client)
            {
                await AddAsync(client, "banned", [.. Enumerable.Range(0, 50).Select(i => Row(id, i + 1000, id == "banned-bad"))]);
            }
        }

        NodeStore nodes = fixture.Relay.Services.GetRequiredService<NodeStore>();
        Assert.True(await nodes.BanAsync("banned-bad", isBanned: true));
        TrainingRun run = await fixture.Relay.StartTrainingAsync(Model, new TrainingDataSource { Dataset = new DatasetRows("banned") });
        run = await fixture.Relay.WaitForRunAsync(run.Id, r => r.IsFinished);
        Assert.True(run.State is TrainingRunState.Succeeded, $"{run.Problem}");
        await nodes.BanAsync("banned-bad", isBanned: false);
        using HttpResponseMessage rows = await fixture.Relay.Admin.GetAsync(Routes.RowsOf(run.Id, "train"));
        ModelCard card = (await fixture.Relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/banned/versions/1", RelayApiJson.Default.VersionDetail))!.Card;

        Assert.Equal((500, 450, 50, 1), (card.Dataset!.Rows, card.Dataset.Used, card.Dataset.Banned, card.Dataset.Nodes));
        Assert.Equal(["banned-bad"], card.Dataset.BannedNodes);
        Assert.True(rows.IsSuccessStatusCode, await rows.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Train_ShareOfNodesThatWasChangedSince_GivesTheRowsOfTheRunAgain()
    {
        DatasetSpec spec = await CreateAsync(fixture.Relay, "share", new DatasetLimits { NodeShare = 0.2 });
        await AddAsync(fixture.Relay.Admin, "share", [.. Enumerable.Range(0, 400).Select(i => Row("key", i, isFlipped: false))]);
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "share-node");
        using (node)
        using (client)
        {
            await AddAsync(client, "share", [.. Enumerable.Range(0, 300).Select(i => Row("node", i + 1000, isFlipped: false))]);
        }

        // Beyond the last number: what comes later is no part of the run.
        TrainingRun run = await fixture.Relay.StartTrainingAsync(
            Model with { Name = "share" }, new TrainingDataSource { Dataset = new DatasetRows("share") { Position = 1_000_000 } });
        run = await fixture.Relay.WaitForRunAsync(run.Id, r => r.IsFinished);
        Assert.True(run.State is TrainingRunState.Succeeded, $"{run.Problem}");
        DatasetSpec changed = spec with { Limits = new DatasetLimits { NodeShare = 1 } };
        using HttpResponseMessage put = await fixture.Relay.Admin.PutAsJsonAsync(
            Routes.DatasetOf("share"), changed, RelayApiJson.Default.DatasetSpec);
        put.EnsureSuccessStatusCode();
        await AddAsync(fixture.Relay.Admin, "share", Row("later", 1, isFlipped: false));
        using HttpResponseMessage rows = await fixture.Relay.Admin.GetAsync(Routes.RowsOf(run.Id, "train"));
        DatasetUse use = (await fixture.Relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/share/versions/1", RelayApiJson.Default.VersionDetail))!.Card.Dataset!;

        Assert.Equal((0.2, 200, 700), (use.NodeShare, use.Capped, use.Position));
        Assert.True(rows.IsSuccessStatusCode, await rows.Content.ReadAsStringAsync());
    }

    [Fact]
    [Trait("Attack", "samples-poison")]
    public async Task Forget_Source_DeletesItsSamplesAndLabelsAndThoseOfNoOther()
    {
        await CreateAsync(fixture.Relay, "source", new DatasetLimits { NodeShare = 1 });
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "source-bad");
        using (node)
        using (client)
        {
            await LabelAsync(client, "source", ("key-1", "bad"), ("waits", "bad"));
            await AddAsync(client, "source", Row("bad", 1, isFlipped: true), Row("bad", 2, isFlipped: true));
        }

        await AddAsync(fixture.Relay.Admin, "source", Row("key", 1, isFlipped: false));
        await LabelAsync(fixture.Relay.Admin, "source", ("bad-1", "good"));
        RelayCommandRun run = await RelayCommandRun.RunAsync(
            [
                "dataset", "forget", "source", "--source", "node:source-bad", "--relay", fixture.Relay.Address.ToString(),
                "--ca", fixture.Relay.CertificateAuthority, "--key", fixture.Relay.AdminKey,
            ]);
        UploadReport again = await AddAsync(fixture.Relay.Admin, "source", Row("bad", 1, isFlipped: true));

        Assert.Contains("2 samples are deleted, 0 were not there", run.Output, StringComparison.Ordinal);
        DatasetView view = await ViewAsync(fixture.Relay, "source");
        Assert.Equal((1, 1, 1, 2), (view.Rows, view.Labels, view.Conflicts, view.Forgotten));
        Assert.Equal((0, 0), view.Sources.Where(s => s.Name == "node:source-bad").Select(s => (s.Rows, s.Labels)).Single());
        Assert.Equal(SampleFaultReason.Forgotten, Assert.Single(again.Faults).Reason);
    }

    private static string Row(string source, int i, bool isFlipped) =>
        $$"""{"id":"{{source}}-{{i}}","length":{{i % 97}},"verdict":"{{(i % 97 > 48 != isFlipped ? "bad" : "good")}}"}""";
}
