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
        Assert.False(node.Samples.Label(Model, "0190", "ddos"));
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
}
