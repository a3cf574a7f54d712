using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Tests.Updates.Maintenance;

/// <summary>A node with a maintenance window, whose clock shows noon: what waits for ten in the evening, and what never waits.</summary>
public sealed partial class WindowedUpdateTests : IAsyncLifetime
{
    private static readonly TimeSpan UntilItOpens = TimeSpan.FromHours(10);
    private readonly TestModel[] _models = [.. Enumerable.Range(1, 4).Select(version => TestModel.Create(version: version))];
    private NodeFixture _fixture = null!;
    private SyncClient _node = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _fixture.Options.MaintenanceWindow = "22:00-04:00 UTC";
        _node = _fixture.OpenNode();
        await PublishAsync(1);
        Assert.True((await _node.RefreshAsync()).Activated);
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _fixture.DisposeAsync();
    }

    private int Running => _node.Models.Single().IsReady ? _node.Models.Single().Active.Version : 0;

    private int Downloads => _fixture.Server.Requests.Count(request => request.Path.Contains(".onnx", StringComparison.Ordinal));

    private static DateTimeOffset Opening => new(2030, 1, 15, 22, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task RefreshAsync_WindowClosed_PreparesTheReleaseAndActivatesItWhenItOpens()
    {
        await PublishAsync(2);

        RefreshResult closed = await _node.RefreshAsync();
        CheckIn reported = _fixture.Server.CheckIns.Last();
        (int, WaitingRelease?) before = (Running, _node.Status.Waiting);
        int downloads = Downloads;
        _fixture.Clock.Advance(UntilItOpens);
        RefreshResult open = await _node.RefreshAsync();

        Assert.Equal(new RefreshResult(Activated: false, null), closed);
        Assert.Equal((1, new WaitingRelease(2, Opening)), before);
        Assert.Equal((1, new WaitingRelease(2, Opening), null), (reported.Release, reported.Waiting, reported.Steering));
        Assert.Equal((true, 2, null, downloads), (open.Activated, Running, _node.Status.Waiting, Downloads));
        Assert.True(downloads > 0);
        Assert.Null(_fixture.Server.CheckIns.Last().Waiting);
    }

    [Fact]
    public async Task RefreshAsync_ClockIsSet_GoesByWhatItShowsNow()
    {
        await PublishAsync(2);
        await _node.RefreshAsync();
        _fixture.Clock.Set(TimeSpan.FromHours(-15));
        await _node.RefreshAsync();
        WaitingRelease? back = _node.Status.Waiting;

        _fixture.Clock.Set(UntilItOpens + TimeSpan.FromHours(15));
        await _node.RefreshAsync();

        Assert.Equal(new WaitingRelease(2, Opening.AddDays(-1)), back);
        Assert.Equal(2, Running);
    }

    [Fact]
    public async Task RefreshAsync_RestartWhileAReleaseWaits_PreparesItAgainWithoutADownload()
    {
        await PublishAsync(2);
        await _node.RefreshAsync();
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();
        int downloads = Downloads;

        await _node.RefreshAsync();

        Assert.Equal((1, new WaitingRelease(2, Opening), downloads), (Running, _node.Status.Waiting, Downloads));
    }

    [Fact]
    public async Task RefreshAsync_ReleaseThatFailsItsTryOut_IsRefusedBeforeTheWindow()
    {
        await _fixture.Honest.PublishAsync("threat-classifier", 2, TestModel.Create(version: 3).Onnx);

        RefreshResult refused = await _node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, refused.Refusal?.Reason);
        Assert.Null(_node.Status.Waiting);
    }

    [Fact]
    public async Task ShadowTrial_AgreesWhileTheWindowIsClosed_WaitsForIt()
    {
        _node.Dispose();
        _fixture.Options.Shadow = new() { Calls = 20 };
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();
        await _fixture.PublishAsync(_models[0].WithVersion(2));
        await _node.RefreshAsync();
        Task settled = _node.ShadowSettled.WaitAsync(TimeSpan.FromSeconds(60));
        while (!settled.IsCompleted)
        {
            _node.Models.Single().Predict(_models[0].NumbersOf(0));
            await Task.Yield();
        }

        await settled;
        (int, int?) closed = (Running, _node.Status.Waiting?.Release);
        _fixture.Clock.Advance(UntilItOpens);
        await _node.RefreshAsync();

        Assert.Equal((1, 2), closed);
        Assert.Equal(2, Running);
    }

    [Fact]
    public async Task Window_OpensWhileTheRelayIsAway_ActivatesTheReleaseByItself()
    {
        await PublishAsync(2);
        _node.Dispose();
        ManualTime time = new();
        _fixture.Options.MaintenanceWindow = "00:05-04:00 UTC";
        _node = new SyncClient(_fixture.Options, time, NullLogger<SyncClient>.Instance);
        TaskCompletionSource<ModelChangedEventArgs> changed = new();
        _node.ModelChanged += (_, change) => _ = change.Cause == ModelChangeCause.Sync && changed.TrySetResult(change);
        await _node.RestoreAsync();
        await _node.RefreshAsync();
        int? waiting = _node.Status.Waiting?.Release;
        _fixture.KillRelay();

        for (int minute = 0; minute < 6 && Running == 1; minute++)
        {
            await Eventually.TrueAsync(() => time.Waiting > 0 || Running == 2, "the node waits for the window");
            time.Advance(TimeSpan.FromMinutes(1));
        }

        ModelChangedEventArgs change = await changed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((2, 2, 2, null), (waiting, change.Release, Running, _node.Status.Waiting));
    }

    [Fact]
    public void Open_WindowThatCannotBeRead_IsRefused()
    {
        _fixture.Options.MaintenanceWindow = "at night";

        Assert.Throws<ArgumentException>(_fixture.OpenNode);
    }

    private Task PublishAsync(int version) => _fixture.PublishAsync(_models[version - 1]);
}
