using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Releases;

namespace Sync.Client.Tests.Updates;

/// <summary>Pin, hold and follow: over refreshes, restarts, revocations and a relay that is away.</summary>
public sealed class SteeringTests : IAsyncLifetime
{
    private readonly TestModel[] _models = [.. Enumerable.Range(1, 3).Select(v => TestModel.Create(version: v))];
    private NodeFixture _fixture = null!;
    private SyncClient _node = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _node = _fixture.OpenNode();
        await PublishAsync(1);
        await _node.RefreshAsync();
        await PublishAsync(2);
        await _node.RefreshAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _fixture.DisposeAsync();
    }

    private int Running => _node.Models.Single().IsReady ? _node.Models.Single().Active.Version : 0;

    [Fact]
    public async Task PinAsync_EarlierRelease_RunsItOverRefreshesAndRestartsUntilToldToFollow()
    {
        RefreshResult pinned = await _node.PinAsync(1);
        await PublishAsync(3);
        await _node.RefreshAsync();
        int refreshed = Running;
        await RestartAsync();
        await _node.RefreshAsync();
        int restarted = Running;
        NodeSteering steering = _node.Status.Steering;

        RefreshResult followed = await _node.FollowAsync();

        Assert.Equal(new RefreshResult(Activated: true, null), pinned);
        Assert.Equal((1, 1, NodeSteering.PinnedTo(1)), (refreshed, restarted, steering));
        Assert.True(followed.Activated);
        Assert.Equal((3, NodeSteering.Following), (Running, _node.Status.Steering));
    }

    [Fact]
    public async Task PinAsync_RelayAway_TakesTheReleaseFromTheStore()
    {
        _fixture.KillRelay();

        RefreshResult pinned = await _node.PinAsync(1);

        Assert.Equal(new RefreshResult(Activated: true, null), pinned);
        Assert.Equal((1, NodeSteering.PinnedTo(1)), (Running, _node.Status.Steering));
    }

    [Fact]
    public async Task PinAsync_ReleaseThatIsNotThere_LeavesAllAsItWas()
    {
        RefreshResult pinned = await _node.PinAsync(99);
        await RestartAsync();

        Assert.Equal(RefusalReason.UnlistedTarget, pinned.Refusal?.Reason);
        Assert.Equal((2, NodeSteering.Following), (Running, _node.Status.Steering));
    }

    [Fact]
    public async Task RefreshAsync_PinnedReleaseRevoked_IsLeftForTheChannels()
    {
        await _node.PinAsync(1);
        await _fixture.Honest.Policy.RevokeAsync([_models[0].Sha256], CancellationToken.None);

        RefreshResult result = await _node.RefreshAsync();

        Assert.Equal(RefusalReason.ArtifactRevoked, result.Refusal?.Reason);
        Assert.Equal((2, NodeSteering.Following), (Running, _node.Status.Steering));
        await RestartAsync();
        Assert.Equal((2, NodeSteering.Following), (Running, _node.Status.Steering));
    }

    [Fact]
    public async Task PinAsync_ReleaseRevoked_LeavesTheHoldThatWas()
    {
        await _node.HoldAsync();
        await _fixture.Honest.Policy.RevokeAsync([_models[0].Sha256], CancellationToken.None);

        RefreshResult result = await _node.PinAsync(1);

        Assert.Equal(RefusalReason.ArtifactRevoked, result.Refusal?.Reason);
        Assert.Equal((2, NodeSteering.Held), (Running, _node.Status.Steering));
    }

    [Fact]
    public async Task HoldAsync_NextRelease_IsNotTakenUntilToldToFollow()
    {
        await PublishAsync(3);
        RefreshResult held = await _node.HoldAsync();
        await RestartAsync();
        RefreshResult refreshed = await _node.RefreshAsync();
        (int, NodeSteering) after = (Running, _node.Status.Steering);

        await _node.FollowAsync();

        Assert.Equal(new RefreshResult(Activated: false, null), held);
        Assert.Equal(new RefreshResult(Activated: false, null), refreshed);
        Assert.Equal((2, NodeSteering.Held), after);
        Assert.Equal(3, Running);
    }

    [Fact]
    public async Task RefreshAsync_HeldReleaseRevoked_TakesTheChannelsAndHoldsThat()
    {
        await _node.HoldAsync();
        await PublishAsync(3);
        await _fixture.Honest.Policy.RevokeAsync([_models[1].Sha256], CancellationToken.None);

        await _node.RefreshAsync();

        Assert.Equal((3, NodeSteering.Held), (Running, _node.Status.Steering));
    }

    private Task<ReleaseManifest> PublishAsync(int version) => _fixture.PublishAsync(_models[version - 1]);

    private async Task RestartAsync()
    {
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();
    }
}
