using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;
using Sync.Client.Reports;

namespace Sync.Client.Tests.Reports;

public sealed class UsageReportTests : IAsyncLifetime
{
    private static readonly float[] Row = new float[4];
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create());
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Refresh_AfterAWindow_ReportsCallsFaultsLabelsScoresAndLatencyOnce()
    {
        await using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        Call(node, 200);
        Assert.Throws<RelayModelException>(() => node.Models.Single().Predict(new float[3]));

        await PassAsync(node, TimeSpan.FromMinutes(5));
        await PassAsync(node, TimeSpan.FromMinutes(5));

        UsageWindow window = Assert.Single(Windows());
        VersionUsage usage = Assert.Single(window.Versions);
        Assert.InRange(window.Seconds, 300, 330);
        Assert.Equal((1, "threat-classifier", 1), (usage.Release, usage.Model, usage.Version));
        Assert.Equal((201, 200, 0, 1), (usage.Calls, usage.Rows, usage.Failures, usage.CallerFaults));
        Assert.Equal((200, 200), (usage.Labels!.Counts.Sum(), usage.Scores!.Counts.Sum()));
        Assert.InRange(usage.Latency!.Counts.Sum(), 3, 4);
    }

    [Fact]
    public async Task Refresh_BatchesWithAndWithoutProbabilities_CountEveryRowAndEachCallOnce()
    {
        await using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        IRelayModel model = node.Models.Single();
        Prediction[] answers = new Prediction[600];
        model.PredictBatch(new float[600 * 4], [], answers);
        model.PredictBatch(new float[600 * 4], [], answers, new float[600 * model.Active.Schema.Classes.Count]);
        model.PredictProbabilities(Row);

        await PassAsync(node, TimeSpan.FromMinutes(5));

        VersionUsage usage = Assert.Single(Assert.Single(Windows()).Versions);
        Assert.Equal((3, 1201, 1201), (usage.Calls, usage.Rows, usage.Labels!.Counts.Sum()));
    }

    [Fact]
    public async Task Refresh_SwapInsideAWindow_CountsEachVersionForItsRelease()
    {
        await using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        Call(node, 3);
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        await node.RefreshAsync();
        Call(node, 5);

        // Latencies of a busy machine, of two versions, may take more bytes than a window of five minutes has.
        await PassAsync(node, TimeSpan.FromMinutes(15));

        Assert.Equal(
            [(1, 1, 3), (2, 2, 5)],
            Assert.Single(Windows()).Versions.OrderBy(v => v.Release).Select(v => (v.Release, v.Version, v.Calls)));
    }

    [Fact]
    public async Task Refresh_RefusalAndQuarantine_AreCountedWhereTheyBegan()
    {
        await using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 2, alterGolden: TestModel.SpoilOne));
        await node.RefreshAsync();

        await PassAsync(node, TimeSpan.FromMinutes(5));
        await PassAsync(node, TimeSpan.FromMinutes(5));

        UsageWindow window = Assert.Single(Windows());
        Assert.Equal(1, window.Quarantined);
        Assert.Equal(1, window.Refusals![nameof(RefusalReason.GoldenVectorMismatch)]);
    }

    [Fact]
    public async Task Refresh_RelayAwayAndNodeStartedAgain_SendsEachWindowOnceAndGoesOnWithTheOpenOne()
    {
        _fixture.Server.CheckInStatus = _ => 503;
        await using (SyncClient node = _fixture.OpenNode())
        {
            await node.RefreshAsync();
            Call(node, 3);
            await PassAsync(node, TimeSpan.FromMinutes(5));
            Call(node, 4);
            await PassAsync(node, TimeSpan.FromMinutes(5));
            Call(node, 5);
            _fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        _fixture.Server.CheckInStatus = _ => 204;
        await using SyncClient again = _fixture.OpenNode();
        await again.RestoreAsync();
        await again.RefreshAsync();
        Call(again, 6);
        await PassAsync(again, TimeSpan.FromMinutes(3));
        await PassAsync(again, TimeSpan.FromMinutes(5));

        Assert.Equal([3, 4, 11], Windows().Select(w => w.Versions.Single().Calls));
        Assert.Equal(Windows().Select(w => w.Id).Distinct().Order(), Windows().Select(w => w.Id));
    }

    [Fact]
    public async Task Refresh_RelayOfAnOlderVersion_GetsTheRestAndTheWindowIsNotSentAtEachPoll()
    {
        _fixture.Server.CheckInStatus = body => body.AsSpan().IndexOf("windows"u8) < 0 ? 204 : 400;
        await using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        Call(node, 3);
        await PassAsync(node, TimeSpan.FromMinutes(5));
        int sent = _fixture.Server.CheckInBodies.Count;

        await node.RefreshAsync();

        Assert.Equal(sent, _fixture.Server.CheckInBodies.Count);
        Assert.All(_fixture.Server.CheckIns, c => Assert.Null(c.Windows));
    }

    [Fact]
    public async Task Refresh_AnHourOfCalls_TakesFourKilobytesAtMost()
    {
        await using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        Random random = new(3);
        for (int poll = 0; poll < 60; poll++)
        {
            for (int i = 0; i < 500; i++)
            {
                node.Models.Single().Predict([random.NextSingle(), random.NextSingle(), random.NextSingle(), random.NextSingle()]);
            }

            await PassAsync(node, TimeSpan.FromMinutes(1));
        }

        UsageWindow[] windows = [.. Windows()];
        Assert.InRange(windows.Length, 3, 12);
        Assert.InRange(windows.Sum(UsageSums.CountBytes), 1, UsageBounds.BytesPerHour);
    }

    [Fact]
    public async Task OpenNode_UsageFileIsDamaged_StartsWithoutIt()
    {
        Directory.CreateDirectory(_fixture.Options.StoreFolder);
        await File.WriteAllTextAsync(
            Path.Combine(_fixture.Options.StoreFolder, "usage.json"),
            """{"lastId":1,"windows":[{"id":1,"seconds":1,"versions":[{"release":1,"model":"../x","version":1,"calls":1,"rows":1}]}]}""");
        await using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        Call(node, 2);

        await PassAsync(node, TimeSpan.FromMinutes(5));

        Assert.Equal(2, Assert.Single(Windows()).Versions.Single().Calls);
        Assert.Contains(node.Status.RecentRefusals, r => r.Reason == nameof(RefusalReason.StoreDamaged));
    }

    private static void Call(SyncClient node, int times)
    {
        for (int i = 0; i < times; i++)
        {
            node.Models.Single().Predict(Row);
        }
    }

    private Task PassAsync(SyncClient node, TimeSpan time)
    {
        _fixture.Clock.Advance(time);
        return node.RefreshAsync();
    }

    // As the relay took them.
    private IEnumerable<UsageWindow> Windows() => _fixture.Server.CheckIns.SelectMany(c => c.Windows ?? []);
}
