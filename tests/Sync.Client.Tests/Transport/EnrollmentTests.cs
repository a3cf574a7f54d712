using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Identity;

namespace Sync.Client.Tests.Transport;

/// <summary>A node and a relay that takes requests of known nodes only.</summary>
public sealed class EnrollmentTests : IAsyncLifetime
{
    private const string Token = "relay_enroll_0123456789abcdef";
    private readonly TestLogger<SyncClient> _log = new();
    private NodeFixture _fixture = null!;
    private NodeAccess _nodes = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create());
        _nodes = new NodeAccess(_fixture.Clock);
        _nodes.Tokens[Token] = true;
        _fixture.Server.Nodes = _nodes;
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refresh_FirstStartWithAToken_EnrollsRunsTheReleaseAndReports(bool isFile)
    {
        SetToken(Token, isFile);
        using SyncClient node = Open();

        RefreshResult result = await node.RefreshAsync();

        Assert.True(result.Activated, result.Refusal?.ToString());
        Assert.Equal(1, Assert.Single(_fixture.Server.CheckIns).Release);
        Assert.Equal(("node-1", Token), (_nodes.Enrollments.Single().Node, _nodes.Enrollments.Single().Token));
        Assert.Empty(_nodes.Problems);
        Assert.Empty(node.Status.RecentRefusals);
        Assert.DoesNotContain(_log.Entries, e => e.Message.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_SecondStart_IsKnownByItsKeyWithoutTheToken()
    {
        SetToken(Token, isFile: true);
        using (SyncClient first = Open())
        {
            await first.RefreshAsync();
        }

        File.Delete(_fixture.Options.EnrollmentTokenFile!);
        _nodes.Tokens.Clear();
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        using SyncClient node = Open();

        Assert.Null((await node.RefreshAsync()).Refusal);
        Assert.Single(_nodes.Enrollments);
        Assert.Equal(2, _fixture.Server.CheckIns.Count);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task Refresh_NoTokenThenOne_IsSaidOnceAndOver()
    {
        using SyncClient node = Open();
        RefreshResult without = await node.RefreshAsync();
        await node.RefreshAsync();
        RefusalReport[] current = [.. node.Status.CurrentRefusals];
        SetToken(Token, isFile: false);

        RefreshResult with = await node.RefreshAsync();

        Assert.Equal((RefusalReason.EnrollmentRefused, "node-1"), (without.Refusal?.Reason, without.Refusal?.Subject));
        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single(current).Reason);
        Assert.True(with.Activated);
        Assert.Empty(node.Status.CurrentRefusals);
        Assert.Single(_log.Entries, e => e.Message.Contains("enroll-token", StringComparison.Ordinal) && e.Level == LogLevel.Warning);
        Assert.Single(_log.Entries, e => e.Message.StartsWith("Over after", StringComparison.Ordinal));
        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single(_fixture.Server.CheckIns.Single().Refusals).Reason);
    }

    [Theory]
    [InlineData("relay_enroll_unknown0000")]
    [InlineData("")]
    [InlineData("two lines\nrelay_enroll_0123456789abcdef")]
    [InlineData(null)]
    public async Task Refresh_FileWithoutAGoodToken_IsRefusedAndAnotherFileMendsIt(string? content)
    {
        SetToken(content ?? Token, isFile: true);
        if (content is null)
        {
            File.Delete(_fixture.Options.EnrollmentTokenFile!);
        }

        using SyncClient node = Open();
        RefreshResult refused = await node.RefreshAsync();
        SetToken(Token + "\n", isFile: true);
        RefreshResult mended = await node.RefreshAsync();

        Assert.Equal(RefusalReason.EnrollmentRefused, refused.Refusal?.Reason);
        Assert.True(mended.Activated, mended.Refusal?.ToString());
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Refresh_TokenIsRefused_IsNotSentAgainAtEachRequest()
    {
        SetToken("relay_enroll_unknown0000", isFile: false);
        using SyncClient node = Open();

        await node.RefreshAsync();
        await node.RefreshAsync();
        int sent = _nodes.Enrollments.Count;
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        _nodes.Tokens["relay_enroll_unknown0000"] = true;
        RefreshResult later = await node.RefreshAsync();

        Assert.Equal(1, sent);
        Assert.True(later.Activated);
    }

    [Fact]
    public async Task Refresh_RunningNodeIsRemovedFromTheRelay_ServesAndEnrollsAgain()
    {
        SetToken(Token, isFile: false);
        using SyncClient node = Open();
        await node.RefreshAsync();
        _nodes.Keys.Clear();
        _nodes.Tokens.Clear();
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        RefreshResult removed = await node.RefreshAsync();
        int served = node.Models.Single().Predict(new float[4]).Version;
        _nodes.Tokens[Token] = true;
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
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
        _nodes.Keys["node-1"] = Convert.ToBase64String(other.PublicKey);
        SetToken(Token, isFile: false);
        using SyncClient node = Open();

        RefreshResult result = await node.RefreshAsync();
        string said = node.Status.CurrentRefusals.Single().Detail;
        int reported = _fixture.Server.CheckIns.Count;
        _nodes.Keys.Clear();
        RefreshResult removed = await node.RefreshAsync();

        Assert.Equal((RefusalReason.NodeKeyRefused, 0), (result.Refusal?.Reason, reported));
        Assert.Contains("relay nodes remove node-1", said, StringComparison.Ordinal);
        Assert.True(removed.Activated, removed.Refusal?.ToString());
    }

    [Fact]
    public async Task Refresh_StoreThatIsACopyOfAnotherNodes_IsRefused()
    {
        SetToken(Token, isFile: false);
        using (SyncClient first = Open())
        {
            await first.RefreshAsync();
        }

        _fixture.Options.NodeId = "node-2";
        using SyncClient node = Open();

        Assert.Equal(RefusalReason.NodeKeyRefused, (await node.RefreshAsync()).Refusal?.Reason);
    }

    [Fact]
    public async Task Refresh_RelayWithoutEnrollment_ServesAsBeforeAndIsAskedOnceAnHour()
    {
        _fixture.Server.Nodes = null;
        SetToken(Token, isFile: false);
        using SyncClient node = Open();

        RefreshResult older = await node.RefreshAsync();
        _fixture.Server.Nodes = _nodes;
        RefreshResult newer = await node.RefreshAsync();

        Assert.True(older.Activated);
        Assert.Empty(node.Status.RecentRefusals);
        Assert.Null(newer.Refusal);
        Assert.Single(_nodes.Enrollments);
    }

    [Fact]
    public async Task Refresh_OpenRelayThatWasAwayAtTheFirstStart_EnrollsAfterARestart()
    {
        _nodes.IsOpen = true;
        SetToken(Token, isFile: false);
        _nodes.Instead = _ => 503;
        using (SyncClient first = Open())
        {
            Assert.Equal(RefusalReason.TransportUnavailable, (await first.RefreshAsync()).Refusal?.Reason);
        }

        _nodes.Instead = _ => null;
        using SyncClient node = Open();
        await node.RefreshAsync();

        Assert.Equal("node-1", Assert.Single(_nodes.Keys).Key);
        Assert.True(Assert.Single(_fixture.Server.CheckIns).Sequence > 0);
    }

    [Fact]
    public async Task Refresh_OpenRelayRefusesTheToken_ServesAndSaysSo()
    {
        _nodes.IsOpen = true;
        SetToken("relay_enroll_unknown0000", isFile: false);
        using SyncClient node = Open();

        Assert.True((await node.RefreshAsync()).Activated);

        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single(node.Status.CurrentRefusals).Reason);
        Assert.Single(_fixture.Server.CheckIns);
    }

    [Fact]
    public async Task Refresh_OpenRelayAndNoToken_ServesAndReportsWithoutASignature()
    {
        _nodes.IsOpen = true;
        using SyncClient node = Open();

        Assert.True((await node.RefreshAsync()).Activated);

        Assert.Single(_fixture.Server.CheckIns);
        Assert.Empty(_fixture.Server.Signed);
        Assert.Empty(_nodes.Problems);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task Refresh_OpenRelayRemovesTheNode_ReportsWithoutASignatureUntilItEnrollsAgain()
    {
        _nodes.IsOpen = true;
        SetToken(Token, isFile: false);
        using SyncClient node = Open();
        await node.RefreshAsync();
        _nodes.Keys.Clear();
        _nodes.Tokens.Clear();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        await node.RefreshAsync();
        string[] removed = [.. node.Status.CurrentRefusals.Select(r => r.Reason)];
        int reported = _fixture.Server.CheckIns.Count;
        _nodes.Tokens[Token] = true;
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        await node.RefreshAsync();

        Assert.Equal([nameof(RefusalReason.EnrollmentRefused)], removed);
        Assert.Equal(2, reported);
        Assert.Equal("node-1", Assert.Single(_nodes.Keys).Key);
        Assert.Equal(3, _fixture.Server.CheckIns.Count);
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refresh_NoteOfTheEnrollmentIsLost_RelayKnowsTheNodeByItsKeyAllTheSame(bool isOpen)
    {
        SetToken(Token, isFile: false);
        using (SyncClient first = Open())
        {
            await first.RefreshAsync();
        }

        File.Delete(Path.Combine(_fixture.Options.StoreFolder, "enrollment.json"));
        _nodes.IsOpen = isOpen;
        _fixture.Options.EnrollmentToken = null;
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        using SyncClient node = Open();

        Assert.Null((await node.RefreshAsync()).Refusal);
        Assert.Equal(2, _fixture.Server.CheckIns.Count);
        Assert.Empty(node.Status.RecentRefusals);
        Assert.Single(_nodes.Enrollments);
        Assert.True(File.Exists(Path.Combine(_fixture.Options.StoreFolder, "enrollment.json")));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(413)]
    [InlineData(302)]
    [Trait("Attack", "enrollment-answers")]
    public async Task Refresh_RelayAnswersAnEnrollmentWithAnything_IsARefusalAndTheNodeServes(int status)
    {
        SetToken(Token, isFile: false);
        using (SyncClient first = Open())
        {
            await first.RefreshAsync();
        }

        _nodes.Keys.Clear();
        _nodes.Instead = _ => status;
        using SyncClient node = Open();
        await node.RestoreAsync();
        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.EnrollmentRefused, result.Refusal?.Reason);
        Assert.Equal(1, node.Models.Single().Predict(new float[4]).Version);
        Assert.InRange(_nodes.Enrollments.Count, 1, 3);
    }

    [Fact]
    [Trait("Attack", "enrollment-answers")]
    public async Task Refresh_RelayEnrollsAndForgetsAtOnce_IsAskedABoundedNumberOfTimes()
    {
        SetToken(Token, isFile: false);
        _nodes.Instead = _ => 201;
        using SyncClient node = Open();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.NodeKeyRefused, result.Refusal?.Reason);
        Assert.InRange(_nodes.Problems.Count, 1, 6);
    }

    [Fact]
    public async Task Refresh_RelayIsBusyWithEnrollments_IsTransientAndTheReasonIsThatOfTheRelay()
    {
        SetToken(Token, isFile: false);
        _fixture.Options.Budgets.Retries = 2;
        _fixture.Options.Budgets.RetryDelay = TimeSpan.FromMilliseconds(1);
        int left = 2;
        _nodes.Instead = _ => left-- > 0 ? 503 : null;
        using SyncClient node = Open();

        Assert.True((await node.RefreshAsync()).Activated);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task Refresh_RelayRefusesTheNodeAndAMirrorServes_RunsTheReleaseAndSaysBoth()
    {
        await using MirrorFixture mirror = await MirrorFixture.StartAsync(_fixture);
        using SyncClient node = Open();

        Assert.True((await node.RefreshAsync()).Activated);

        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single(node.Status.CurrentRefusals).Reason);
    }

    [Fact]
    public async Task Refresh_TlsOfTheRelayIsRefused_SaysNothingOfEnrollment()
    {
        SetToken(Token, isFile: false);
        using SyncClient node = Open();
        _fixture.KillRelay();
        _fixture.Server.Nodes = null;

        await node.RefreshAsync();

        Assert.DoesNotContain(node.Status.CurrentRefusals, r => r.Reason == nameof(RefusalReason.EnrollmentRefused));
    }

    private SyncClient Open() => new(_fixture.Options, _fixture.Clock, _log);

    private void SetToken(string token, bool isFile)
    {
        if (!isFile)
        {
            _fixture.Options.EnrollmentToken = token;
            return;
        }

        _fixture.Options.EnrollmentTokenFile = _fixture.Combine("token");
        File.WriteAllText(_fixture.Options.EnrollmentTokenFile, token);
    }
}
