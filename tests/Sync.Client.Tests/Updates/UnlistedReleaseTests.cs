using System.Text.Json.Nodes;
using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests.Updates;

/// <summary>Releases that nodes have and that left the metadata: they are served as before, and what is forbidden stays so.</summary>
public sealed class UnlistedReleaseTests : IAsyncLifetime
{
    private readonly TestModel[] _models = [.. Enumerable.Range(1, 5).Select(v => TestModel.Create(version: v))];
    private NodeFixture _fixture = null!;
    private SyncClient _node = null!;

    private string EarlierTargets => Path.Combine(_fixture.Options.StoreFolder, "earlier-targets.json");

    private int Running => _node.Models.Single().IsReady ? _node.Models.Single().Active.Version : 0;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _fixture.Honest.Unlist(afterDays: 1, keptReleases: 1);
        _node = _fixture.OpenNode();
        await PublishAsync(1);
        await _node.RefreshAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _fixture.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefreshAsync_HeldOrPinnedReleaseLeaves_IsServedOnWithoutARefusal(bool isPinned)
    {
        await (isPinned ? _node.PinAsync(1) : _node.HoldAsync());
        await PublishUntilUnlistedAsync(1);

        RefreshResult refreshed = await _node.RefreshAsync();
        await RestartAsync();
        int restarted = Running;
        RefreshResult again = await _node.RefreshAsync();

        Assert.Equal((new RefreshResult(false, null), new RefreshResult(false, null)), (refreshed, again));
        Assert.Equal((1, 1), (restarted, Running));
        Assert.Empty(_node.Status.CurrentRefusals);
        Assert.True((await _node.FollowAsync()).Activated);
        Assert.Equal(4, Running);
    }

    [Fact]
    public async Task RestoreAsync_RelayAwayAndReleaseUnlisted_ServesIt()
    {
        await _node.HoldAsync();
        await PublishUntilUnlistedAsync(1);
        await _node.RefreshAsync();
        _fixture.KillRelay();

        await RestartAsync();
        await RestartAsync();

        Assert.Equal(1, Running);
    }

    [Fact]
    public async Task RefreshAsync_ReleaseOfTheMetadataThatWereNeverTakenBetween_IsKept()
    {
        // The node is away while the release leaves, and its next metadata list others.
        await _node.HoldAsync();
        await PublishUntilUnlistedAsync(1);
        await RestartAsync();

        await _node.RefreshAsync();
        await RestartAsync();

        Assert.Equal(1, Running);
    }

    [Fact]
    public async Task RefreshAsync_ActiveRevokedAndThePreviousUnlisted_FallsBackToIt()
    {
        await PublishUntilUnlistedAsync(1);
        await _node.RefreshAsync();
        Assert.Equal(4, Running);

        await _fixture.Honest.Policy.RevokeAsync([_models[3].Sha256], CancellationToken.None);
        await _node.RefreshAsync();

        Assert.Equal(1, Running);
    }

    [Fact]
    public async Task RefreshAsync_FollowingNode_KeepsNoEarlierTargetsLongerThanItNeedsThem()
    {
        await PublishUntilUnlistedAsync(1);
        await _node.RefreshAsync();
        string[] kept = Kept();
        await PublishAsync(5);
        await _node.RefreshAsync();
        _fixture.Clock.Advance(TimeSpan.FromHours(1));
        await _fixture.Honest.Policy.RevokeAsync([_models[1].Sha256], CancellationToken.None);
        await _node.RefreshAsync();

        Assert.Equal(5, Running);
        Assert.Equal(["1"], kept);
        Assert.Empty(Kept());
    }

    [Fact]
    [Trait("Attack", "revoked-active")]
    public async Task RestoreAsync_UnlistedReleaseRevoked_IsNotServed()
    {
        await _node.HoldAsync();
        await PublishUntilUnlistedAsync(1);
        await _node.RefreshAsync();

        await _fixture.Honest.Policy.RevokeAsync([_models[0].Sha256], CancellationToken.None);
        await _node.RefreshAsync();
        int refreshed = Running;
        await RestartAsync();

        Assert.NotEqual(1, refreshed);
        Assert.NotEqual(1, Running);
    }

    [Theory]
    [Trait("Attack", "tampering-at-rest")]
    [InlineData("\"version\":2", "\"version\":9")]
    [InlineData("releases/1.json", "releases/7.json")]
    public async Task RestoreAsync_EarlierTargetsAltered_AreNotBelieved(string from, string to)
    {
        await _node.HoldAsync();
        await PublishUntilUnlistedAsync(1);
        await _node.RefreshAsync();
        _node.Dispose();
        JsonArray kept = JsonNode.Parse(File.ReadAllText(EarlierTargets))!.AsArray();
        string targets = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)kept[0]!["file"]!));
        Assert.Contains(from, targets, StringComparison.Ordinal);
        kept[0]!["file"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(targets.Replace(from, to, StringComparison.Ordinal)));
        File.WriteAllText(EarlierTargets, kept.ToJsonString());
        _fixture.KillRelay();

        await RestartAsync();

        Assert.Equal(0, Running);
        Assert.Contains(_node.Status.RecentRefusals, refused => refused.Reason == nameof(RefusalReason.UnlistedTarget));
    }

    private string[] Kept() => [.. JsonNode.Parse(File.ReadAllText(EarlierTargets))!.AsArray().Select(kept => kept!["release"]!.ToJsonString())];

    private Task PublishAsync(int version) => _fixture.PublishAsync(_models[version - 1]);

    private async Task PublishUntilUnlistedAsync(int release)
    {
        await PublishAsync(2);
        _fixture.Clock.Advance(TimeSpan.FromDays(2));
        await PublishAsync(3);
        await PublishAsync(4);
        Assert.DoesNotContain(release, _fixture.Honest.Read().Releases.Keys);
    }

    private async Task RestartAsync()
    {
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();
    }
}
