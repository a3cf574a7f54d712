using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests.Samples;

/// <summary>What leaves a node, by the lines that arrive at its relay.</summary>
public sealed class RecordSampleTests : SampleScene
{
    [Fact]
    public async Task Record_ConsentOfTheSignedFile_SendsThoseColumnsAndNoOther()
    {
        using SyncClient node = await OpenAsync();

        string? id = node.Samples.Record(Model, [1, 2.5f, 3], ["tcp"]);
        string? missing = node.Samples.Record(Model, [float.NaN, 7, 8], [""]);
        Refusal? refusal = await node.SendSamplesAsync(Cancel);

        (string path, string lines) = Assert.Single(Fixture.Server.Uploads);
        Assert.Null(refusal);
        Assert.Equal("/v1/datasets/requests/samples", path);
        Assert.Equal([$$"""{"id":"{{id}}","f1":1,"f3":3,"f0":"tcp"}""", $$"""{"id":"{{missing}}","f3":8}""", ""], lines.Split('\n'));
        Assert.Equal(new SampleCounts(0, 2, 0, 0), node.Samples.Counts);
    }

    [Fact]
    [Trait("Attack", "samples-without-consent")]
    public async Task Record_FileWithoutConsent_KeepsNothing()
    {
        await Fixture.PublishAsync(TestModel.Create());
        using SyncClient node = Fixture.OpenNode();
        await node.RefreshAsync(Cancel);

        Assert.Null(node.Samples.Record(Model, [1, 2, 3, 4]));
        Assert.False(node.Samples.Label(Model, "requests.0190", "ddos"));
        Assert.Null(await node.SendSamplesAsync(Cancel));
        Assert.Empty(Fixture.Server.Uploads);
    }

    [Fact]
    public async Task Record_AppWithoutTheOption_KeepsNothing()
    {
        Fixture.Options.Samples = null;
        using SyncClient node = await OpenAsync();

        Assert.Null(node.Samples.Record(Model, [1, 2, 3], ["tcp"]));
        Assert.Null(await node.SendSamplesAsync(Cancel));
        Assert.Empty(Fixture.Server.Uploads);
        Assert.False(Directory.Exists(Path.Combine(Fixture.Options.StoreFolder, "samples")));
    }

    [Fact]
    public async Task Label_OfASample_IsSentAfterTheSamples()
    {
        using SyncClient node = await OpenAsync();

        string id = node.Samples.Record(Model, [1, 2, 3], ["tcp"], label: "safe")!;
        string other = node.Samples.Record(Model, [4, 5, 6], ["udp"])!;
        Assert.True(node.Samples.Label(Model, other, "ddos"));
        await node.SendSamplesAsync(Cancel);

        Assert.Equal(
            ["/v1/datasets/requests/samples", "/v1/datasets/requests/labels"], Fixture.Server.Uploads.Select(upload => upload.Path));
        Assert.Equal(
            $$"""{"id":"{{id}}","label":"safe"}""" + "\n" + $$"""{"id":"{{other}}","label":"ddos"}""" + "\n", Fixture.Server.Uploads.Last().Lines);
    }

    [Fact]
    public async Task Record_MoreThanMayWait_IsDroppedAndCounted()
    {
        Fixture.Options.Samples!.MaxPending = 3;
        using SyncClient node = await OpenAsync();

        string?[] ids = [.. Enumerable.Range(0, 5).Select(_ => node.Samples.Record(Model, [1, 2, 3], ["tcp"]))];

        Assert.Equal([false, false, false, true, true], ids.Select(id => id is null));
        Assert.Equal((3, 2), (node.Samples.Counts.Pending, node.Samples.Counts.Dropped));
    }

    [Fact]
    public async Task Record_WhatNoDatasetTakes_IsNotKept()
    {
        using SyncClient node = await OpenAsync();

        Assert.Null(node.Samples.Record(Model, [float.PositiveInfinity, 2, 3], ["tcp"]));
        Assert.Null(node.Samples.Record(Model, [1, 2, 3], [new string('x', 2000)]));
        Assert.Equal(RelayModelFault.WrongWidth, Assert.Throws<RelayModelException>(() => node.Samples.Record(Model, [1, 2], ["tcp"])).Fault);
        Assert.Throws<ArgumentException>(() => node.Samples.Record(Model, [1, 2, 3], ["tcp"], ""));
        Assert.Throws<ArgumentException>(() => node.Samples.Label(Model, "10.0.0.1", "safe"));
    }

    [Fact]
    [Trait("Attack", "samples-without-consent")]
    public async Task Record_NewVersionConsentsToOtherColumns_DeletesWhatStillWaits()
    {
        using SyncClient node = await OpenAsync();
        Fixture.Server.UploadAnswer = (_, _) => (503, "{}");
        node.Samples.Record(Model, [1, 2, 3], ["tcp"]);
        await node.SendSamplesAsync(Cancel);
        node.Samples.Record(Model, [4, 5, 6], ["udp"]);
        await Fixture.PublishAsync(TestModel.Create(version: 2, numbers: 3, categories: 1).WithConsent("requests", "f1"));
        await node.RefreshAsync(Cancel);
        Fixture.Server.Uploads.Clear();
        Fixture.Server.UploadAnswer = (_, _) => (200, """{"accepted":1,"duplicates":0,"refused":0,"faults":[],"position":1}""");

        string? id = node.Samples.Record(Model, [7, 8, 9], ["tcp"]);
        await node.SendSamplesAsync(Cancel);

        Assert.Equal($$"""{"id":"{{id}}","f1":7}""" + "\n", Assert.Single(Fixture.Server.Uploads).Lines);
        Assert.Equal(new SampleCounts(0, 1, 0, 2), node.Samples.Counts);
    }

    [Fact]
    [Trait("Attack", "samples-without-consent")]
    public async Task Restore_AppWithoutTheOption_DeletesWhatAnEarlierProcessKept()
    {
        using (SyncClient first = await OpenAsync())
        {
            first.Samples.Record(Model, [1, 2, 3], ["tcp"]);
        }

        string folder = Path.Combine(Fixture.Options.StoreFolder, "samples");
        int kept = Directory.GetFiles(folder).Length;
        Fixture.Options.Samples = null;
        using SyncClient node = Fixture.OpenNode();

        await node.RestoreAsync(Cancel);

        Assert.Equal(1, kept);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Label_SampleOfAnotherDataset_IsNotKept()
    {
        using SyncClient node = await OpenAsync();
        string id = node.Samples.Record(Model, [1, 2, 3], ["tcp"])!;
        await Fixture.PublishAsync(TestModel.Create(version: 2, numbers: 3, categories: 1).WithConsent("other", "f1"));
        await node.RefreshAsync(Cancel);

        Assert.StartsWith("requests.", id, StringComparison.Ordinal);
        Assert.False(node.Samples.Label(Model, id, "safe"));
        Assert.Equal(0, Assert.Single(node.Status.Models).CallerFaults);
    }

    [Fact]
    public async Task Record_MoreBytesThanMayWait_IsDropped()
    {
        Fixture.Options.Samples!.MaxPending = 100_000;
        using SyncClient node = await OpenAsync();
        string[] text = [new string('x', 1000)];
        int kept = 0;
        while (kept < 20_000 && node.Samples.Record(Model, [1, 2, 3], text) is not null)
        {
            kept++;
        }

        Assert.InRange(kept, 14_000, 17_000);
    }
}
