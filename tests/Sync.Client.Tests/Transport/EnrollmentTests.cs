using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Identity;

namespace Sync.Client.Tests.Transport;

/// <summary>A node that has to enroll with its relay: by a token, once, under one name.</summary>
public sealed class EnrollmentTests : IAsyncLifetime
{
    private EnrollmentScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await EnrollmentScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refresh_FirstStartWithAToken_EnrollsRunsTheReleaseAndReports(bool isFile)
    {
        _scene.SetToken(EnrollmentScene.Token, isFile);
        using SyncClient node = _scene.Open();

        RefreshResult result = await node.RefreshAsync();

        Assert.True(result.Activated, result.Refusal?.ToString());
        Assert.Equal(1, Assert.Single(_scene.Fixture.Server.CheckIns).Release);
        Assert.Equal(("node-1", EnrollmentScene.Token), (_scene.Nodes.Enrollments.Single().Node, _scene.Nodes.Enrollments.Single().Token));
        Assert.Empty(_scene.Nodes.Problems);
        Assert.Empty(node.Status.RecentRefusals);
        Assert.DoesNotContain(_scene.Log.Entries, e => e.Message.Contains(EnrollmentScene.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_FirstStart_HasOneConnectionOfHttp2ForAllRequests()
    {
        ConcurrentQueue<(string Protocol, string Connection)> requests = [];
        _scene.Fixture.Server.Before = http => requests.Enqueue((http.Request.Protocol, http.Connection.Id));
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using SyncClient node = _scene.Open();

        await node.RefreshAsync();

        Assert.True(requests.Count > 8, "enrollment, update and check-in");
        Assert.Equal("HTTP/2", Assert.Single(requests.Distinct()).Protocol);
    }

    [Fact]
    public async Task Refresh_SecondStart_IsKnownByItsKeyWithoutTheToken()
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: true);
        using (SyncClient first = _scene.Open())
        {
            await first.RefreshAsync();
        }

        File.Delete(_scene.Fixture.Options.EnrollmentTokenFile!);
        _scene.Nodes.Tokens.Clear();
        _scene.Fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        using SyncClient node = _scene.Open();

        Assert.Null((await node.RefreshAsync()).Refusal);
        Assert.Single(_scene.Nodes.Enrollments);
        Assert.Equal(2, _scene.Fixture.Server.CheckIns.Count);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task Refresh_NoTokenThenOne_IsSaidOnceAndOver()
    {
        using SyncClient node = _scene.Open();
        RefreshResult without = await node.RefreshAsync();
        await node.RefreshAsync();
        RefusalReport[] current = [.. node.Status.CurrentRefusals];
        _scene.SetToken(EnrollmentScene.Token, isFile: false);

        RefreshResult with = await node.RefreshAsync();

        Assert.Equal((RefusalReason.EnrollmentRefused, "node-1"), (without.Refusal?.Reason, without.Refusal?.Subject));
        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single(current).Reason);
        Assert.True(with.Activated);
        Assert.Empty(node.Status.CurrentRefusals);
        Assert.Single(_scene.Log.Entries, e => e.Message.Contains("enroll-token", StringComparison.Ordinal) && e.Level == LogLevel.Warning);
        Assert.Single(_scene.Log.Entries, e => e.Message.StartsWith("Over after", StringComparison.Ordinal));
        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single(_scene.Fixture.Server.CheckIns.Single().Refusals).Reason);
    }

    [Theory]
    [InlineData("relay_enroll_unknown0000")]
    [InlineData("")]
    [InlineData("two lines\nrelay_enroll_0123456789abcdef")]
    [InlineData(null)]
    public async Task Refresh_FileWithoutAGoodToken_IsRefusedAndAnotherFileMendsIt(string? content)
    {
        _scene.SetToken(content ?? EnrollmentScene.Token, isFile: true);
        if (content is null)
        {
            File.Delete(_scene.Fixture.Options.EnrollmentTokenFile!);
        }

        using SyncClient node = _scene.Open();
        RefreshResult refused = await node.RefreshAsync();
        _scene.SetToken(EnrollmentScene.Token + "\n", isFile: true);
        RefreshResult mended = await node.RefreshAsync();

        Assert.Equal(RefusalReason.EnrollmentRefused, refused.Refusal?.Reason);
        Assert.True(mended.Activated, mended.Refusal?.ToString());
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Refresh_TokenIsRefused_IsNotSentAgainAtEachRequest()
    {
        _scene.SetToken("relay_enroll_unknown0000", isFile: false);
        using SyncClient node = _scene.Open();

        await node.RefreshAsync();
        await node.RefreshAsync();
        int sent = _scene.Nodes.Enrollments.Count;
        _scene.Fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        _scene.Nodes.Tokens["relay_enroll_unknown0000"] = true;
        RefreshResult later = await node.RefreshAsync();

        Assert.Equal(1, sent);
        Assert.True(later.Activated);
    }

    [Fact]
    public async Task Refresh_RunningNodeIsRemovedFromTheRelay_ServesAndEnrollsAgain()
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using SyncClient node = _scene.Open();
        await node.RefreshAsync();
        _scene.Nodes.Keys.Clear();
        _scene.Nodes.Tokens.Clear();
        await _scene.Fixture.PublishAsync(TestModel.Create(version: 2));

        RefreshResult removed = await node.RefreshAsync();
        int served = node.Models.Single().Predict(new float[4]).Version;
        _scene.Nodes.Tokens[EnrollmentScene.Token] = true;
        _scene.Fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        RefreshResult again = await node.RefreshAsync();

        Assert.Equal((RefusalReason.EnrollmentRefused, 1), (removed.Refusal?.Reason, served));
        Assert.True(again.Activated);
        Assert.Equal(2, node.Models.Single().Predict(new float[4]).Version);
    }

    [Fact]
    [Trait("Attack", "node-id-taken")]
    public async Task Refresh_NameThatAnotherKeyHas_IsRefusedAndSaysWhatToDo()
    {
        using NodeKey other = NodeKey.Create();
        _scene.Nodes.Keys["node-1"] = Convert.ToBase64String(other.PublicKey);
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using SyncClient node = _scene.Open();

        RefreshResult result = await node.RefreshAsync();
        string said = node.Status.CurrentRefusals.Single().Detail;
        int reported = _scene.Fixture.Server.CheckIns.Count;
        _scene.Nodes.Keys.Clear();
        RefreshResult removed = await node.RefreshAsync();

        Assert.Equal((RefusalReason.NodeKeyRefused, 0), (result.Refusal?.Reason, reported));
        Assert.Contains("relay nodes remove node-1", said, StringComparison.Ordinal);
        Assert.True(removed.Activated, removed.Refusal?.ToString());
    }

    [Fact]
    public async Task Refresh_StoreThatIsACopyOfAnotherNodes_IsRefused()
    {
        _scene.SetToken(EnrollmentScene.Token, isFile: false);
        using (SyncClient first = _scene.Open())
        {
            await first.RefreshAsync();
        }

        _scene.Fixture.Options.NodeId = "node-2";
        using SyncClient node = _scene.Open();

        Assert.Equal(RefusalReason.NodeKeyRefused, (await node.RefreshAsync()).Refusal?.Reason);
    }
}
