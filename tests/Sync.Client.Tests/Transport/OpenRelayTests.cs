using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Identity;

namespace Sync.Client.Tests.Transport;

/// <summary>A relay that takes unsigned requests as well, or that knows no enrollment: the node runs its releases all the same.</summary>
public sealed class OpenRelayTests : IAsyncLifetime
{
    private EnrollmentScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await EnrollmentScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Refresh_RelayWithoutEnrollment_ServesAsBeforeAndIsAskedOnceAnHour()
    {
        _scene.Fixture.Server.Nodes = null;
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using SyncClient node = _scene.Open();

        RefreshResult older = await node.RefreshAsync();
        _scene.Fixture.Server.Nodes = _scene.Nodes;
        RefreshResult newer = await node.RefreshAsync();

        Assert.True(older.Activated);
        Assert.Empty(node.Status.RecentRefusals);
        Assert.Null(newer.Refusal);
        Assert.Single(_scene.Nodes.Enrollments);
    }

    [Fact]
    public async Task Refresh_OpenRelayThatWasAwayAtTheFirstStart_EnrollsAfterARestart()
    {
        _scene.Nodes.IsOpen = true;
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        _scene.Nodes.Instead = _ => 503;
        using (SyncClient first = _scene.Open())
        {
            Assert.Equal(RefusalReason.TransportUnavailable, (await first.RefreshAsync()).Refusal?.Reason);
        }

        _scene.Nodes.Instead = _ => null;
        using SyncClient node = _scene.Open();
        await node.RefreshAsync();

        Assert.Equal("node-1", Assert.Single(_scene.Nodes.Keys).Key);
        Assert.True(Assert.Single(_scene.Fixture.Server.CheckIns).Sequence > 0);
    }

    [Fact]
    public async Task Refresh_OpenRelayRefusesTheToken_ServesAndSaysSo()
    {
        _scene.Nodes.IsOpen = true;
        _scene.SetToken("relay_enroll_unknown0000", isFile: false);
        using SyncClient node = _scene.Open();

        Assert.True((await node.RefreshAsync()).Activated);

        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single(node.Status.CurrentRefusals).Reason);
        Assert.Single(_scene.Fixture.Server.CheckIns);
    }

    [Fact]
    public async Task Refresh_OpenRelayAndNoToken_ServesAndReportsWithoutASignature()
    {
        _scene.Nodes.IsOpen = true;
        using SyncClient node = _scene.Open();

        Assert.True((await node.RefreshAsync()).Activated);

        Assert.Single(_scene.Fixture.Server.CheckIns);
        Assert.Empty(_scene.Fixture.Server.Signed);
        Assert.Empty(_scene.Nodes.Problems);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task Refresh_OpenRelayRemovesTheNode_ReportsWithoutASignatureUntilItEnrollsAgain()
    {
        _scene.Nodes.IsOpen = true;
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using SyncClient node = _scene.Open();
        await node.RefreshAsync();
        _scene.Nodes.Keys.Clear();
        _scene.Nodes.Tokens.Clear();
        _scene.Fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        await node.RefreshAsync();
        string[] removed = [.. node.Status.CurrentRefusals.Select(r => r.Reason)];
        int reported = _scene.Fixture.Server.CheckIns.Count;
        _scene.Nodes.Tokens[EnrollmentScene.Token] = true;
        _scene.Fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        await node.RefreshAsync();

        Assert.Equal([nameof(RefusalReason.EnrollmentRefused)], removed);
        Assert.Equal(2, reported);
        Assert.Equal("node-1", Assert.Single(_scene.Nodes.Keys).Key);
        Assert.Equal(3, _scene.Fixture.Server.CheckIns.Count);
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refresh_NoteOfTheEnrollmentIsLost_RelayKnowsTheNodeByItsKeyAllTheSame(bool isOpen)
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using (SyncClient first = _scene.Open())
        {
            await first.RefreshAsync();
        }

        File.Delete(Path.Combine(_scene.Fixture.Options.StoreFolder, "enrollment.json"));
        _scene.Nodes.IsOpen = isOpen;
        _scene.Fixture.Options.EnrollmentToken = null;
        _scene.Fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        using SyncClient node = _scene.Open();

        Assert.Null((await node.RefreshAsync()).Refusal);
        Assert.Equal(2, _scene.Fixture.Server.CheckIns.Count);
        Assert.Empty(node.Status.RecentRefusals);
        Assert.Single(_scene.Nodes.Enrollments);
        Assert.True(File.Exists(Path.Combine(_scene.Fixture.Options.StoreFolder, "enrollment.json")));
    }
}
