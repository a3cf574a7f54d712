using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Tests.Samples;

/// <summary>What a node does with rows that its relay takes, refuses or does not answer.</summary>
public sealed class SendSampleTests : SampleScene
{
    [Fact]
    public async Task Send_RelayIsAway_KeepsTheRowsOverARestart()
    {
        string id;
        using (SyncClient first = await OpenAsync())
        {
            Fixture.Server.UploadAnswer = (_, _) => (503, "{}");
            id = first.Samples.Record(Model, [1, 2, 3], ["tcp"])!;
            Refusal? away = await first.SendSamplesAsync(Cancel);
            Assert.Equal(RefusalReason.TransportUnavailable, away?.Reason);
            first.Samples.Record(Model, [4, 5, 6], ["udp"]);
        }

        Fixture.Server.Uploads.Clear();
        Fixture.Server.UploadAnswer = (_, lines) => (200, Report(lines.Count(c => c == '\n')));
        using SyncClient again = Fixture.OpenNode();
        Assert.Null(await again.SendSamplesAsync(Cancel));
        Assert.Empty(Fixture.Server.Uploads);
        await again.RestoreAsync(Cancel);
        await again.SendSamplesAsync(Cancel);

        Assert.Equal(2, Fixture.Server.Uploads.Count);
        Assert.Contains(id, Fixture.Server.Uploads.First().Lines, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(Fixture.Options.StoreFolder, "samples")));
        Assert.Equal(2, again.Samples.Counts.Taken);
    }

    [Fact]
    public async Task Send_RelayDoesNotKnowTheDataset_KeepsTheRowsAndAsksAgainInAnHour()
    {
        using SyncClient node = await OpenAsync();
        Fixture.Server.UploadAnswer = (_, _) => (404, """{"detail":"there is no such dataset"}""");
        node.Samples.Record(Model, [1, 2, 3], ["tcp"]);

        Refusal? first = await node.SendSamplesAsync(Cancel);
        Refusal? second = await node.SendSamplesAsync(Cancel);
        int askedAtOnce = Fixture.Server.Uploads.Count;
        await node.RefreshAsync(Cancel);
        string current = Assert.Single(node.Status.CurrentRefusals).Reason;
        Fixture.Clock.Advance(TimeSpan.FromHours(1));
        Fixture.Server.UploadAnswer = (_, _) => (200, Report(1));
        Refusal? later = await node.SendSamplesAsync(Cancel);
        await node.RefreshAsync(Cancel);

        Assert.Equal((RefusalReason.SamplesRefused, RefusalReason.SamplesRefused), (first!.Reason, second!.Reason));
        Assert.Contains("there is no such dataset", first.Detail, StringComparison.Ordinal);
        Assert.Equal(1, askedAtOnce);
        Assert.Equal(nameof(RefusalReason.SamplesRefused), current);
        Assert.Null(later);
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Send_RelayRefusesARow_SaysWhichAndSendsItNeverAgain()
    {
        using SyncClient node = await OpenAsync();
        SampleFault fault = new(1, SampleFaultReason.NotConsented, "nodes may not send this column", "f1");
        Fixture.Server.UploadAnswer = (_, _) => (200, Report(1, fault));
        node.Samples.Record(Model, [1, 2, 3], ["tcp"]);
        node.Samples.Record(Model, [1, 2, 3], ["tcp"]);

        Refusal? refusal = await node.SendSamplesAsync(Cancel);
        await node.SendSamplesAsync(Cancel);

        Assert.Equal("the relay did not take 1 of 2 rows, NotConsented in 'f1': nodes may not send this column", refusal?.Detail);
        Assert.Equal(new SampleCounts(0, 1, 1, 0), node.Samples.Counts);
        Assert.Single(Fixture.Server.Uploads);
    }

    [Fact]
    public async Task Send_RelayRefusesTheWholeBatch_DropsItAndGoesOn()
    {
        using SyncClient node = await OpenAsync();
        Fixture.Server.UploadAnswer = (path, _) => path.EndsWith("samples", StringComparison.Ordinal) ? (422, "{}") : (200, Report(1));
        node.Samples.Record(Model, [1, 2, 3], ["tcp"], "safe");

        Refusal? refusal = await node.SendSamplesAsync(Cancel);

        Assert.Equal(RefusalReason.SamplesRefused, refusal?.Reason);
        Assert.Equal(new SampleCounts(0, 1, 1, 0), node.Samples.Counts);
    }

    [Fact]
    public async Task Send_ManyRows_AreSentInRequestsThatARelayTakes()
    {
        using SyncClient node = await OpenAsync();
        string text = new('x', 1000);
        for (int i = 0; i < 600; i++)
        {
            Assert.NotNull(node.Samples.Record(Model, [1, 2, 3], [text]));
        }

        await node.SendSamplesAsync(Cancel);

        Assert.Equal(3, Fixture.Server.Uploads.Count);
        Assert.All(Fixture.Server.Uploads, upload => Assert.True(upload.Lines.Length <= 256 * 1024));
        Assert.Equal(600, node.Samples.Counts.Taken);
    }

    [Fact]
    public async Task Files_OfSamples_BelongToTheAccountOfTheNode()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("files have no modes there");
            return;
        }

        using SyncClient node = await OpenAsync();
        Fixture.Server.UploadAnswer = (_, _) => (503, "{}");
        node.Samples.Record(Model, [1, 2, 3], ["tcp"]);
        await node.SendSamplesAsync(Cancel);

        string file = Assert.Single(Directory.GetFiles(Path.Combine(Fixture.Options.StoreFolder, "samples")));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Send_OneRouteIsRefused_OthersGoOn()
    {
        using SyncClient node = await OpenAsync();
        Fixture.Server.UploadAnswer = (path, _) => path.EndsWith("labels", StringComparison.Ordinal) ? (409, "{}") : (200, Report(1));
        node.Samples.Record(Model, [1, 2, 3], ["tcp"], "safe");
        Refusal? refused = await node.SendSamplesAsync(Cancel);
        node.Samples.Record(Model, [1, 2, 3], ["udp"]);

        await node.SendSamplesAsync(Cancel);

        Assert.Equal(RefusalReason.SamplesRefused, refused?.Reason);
        Assert.Equal(["samples", "labels", "samples"], Fixture.Server.Uploads.Select(upload => upload.Path.Split('/')[^1]));
        Assert.Equal(new SampleCounts(1, 2, 0, 0), node.Samples.Counts);
    }

    [Fact]
    public async Task Send_QuotaOfTheDayIsUsedUp_KeepsTheRowsForTheNextDay()
    {
        using SyncClient node = await OpenAsync();
        SampleFault quota = new(2, SampleFaultReason.NodeQuota, "the quota of the day is used up");
        Fixture.Server.UploadAnswer = (_, _) => (200, Report(1, quota));
        node.Samples.Record(Model, [1, 2, 3], ["tcp"]);
        node.Samples.Record(Model, [1, 2, 3], ["udp"]);
        Refusal? today = await node.SendSamplesAsync(Cancel);
        await node.SendSamplesAsync(Cancel);
        int askedToday = Fixture.Server.Uploads.Count;
        Fixture.Clock.Advance(TimeSpan.FromDays(1));
        Fixture.Server.UploadAnswer = (_, _) => (200, Report(2));

        Refusal? tomorrow = await node.SendSamplesAsync(Cancel);

        Assert.Contains("NodeQuota", today?.Detail, StringComparison.Ordinal);
        Assert.Equal(1, askedToday);
        Assert.Null(tomorrow);
        Assert.Equal(new SampleCounts(0, 2, 0, 0), node.Samples.Counts);
    }

    [Fact]
    public async Task Send_BatchThatCannotBeRead_IsLostAndTheOthersGoOn()
    {
        using SyncClient node = await OpenAsync();
        Fixture.Server.UploadAnswer = (_, _) => (503, "{}");
        node.Samples.Record(Model, [1, 2, 3], ["tcp"]);
        await node.SendSamplesAsync(Cancel);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(Fixture.Options.StoreFolder, "samples")));
        File.Delete(file);
        node.Samples.Record(Model, [1, 2, 3], ["udp"]);
        Fixture.Server.UploadAnswer = (_, _) => (200, Report(1));

        Assert.Null(await node.SendSamplesAsync(Cancel));

        Assert.Equal(new SampleCounts(0, 1, 0, 1), node.Samples.Counts);
    }

    private static string Report(long accepted, params SampleFault[] faults) => JsonSerializer.Serialize(
        new UploadReport { Accepted = accepted, Duplicates = 0, Refused = faults.Length, Faults = faults, Position = 1 },
        RelayApiJson.Default.UploadReport);
}
