using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Tests.Updates.Maintenance;

// What does not wait for the window.
public sealed partial class WindowedUpdateTests
{
    [Fact]
    public async Task RefreshAsync_ReturnToAnEarlierRelease_DoesNotWait()
    {
        await PublishAsync(2);
        _fixture.Clock.Advance(UntilItOpens);
        await _node.RefreshAsync();
        _fixture.Clock.Advance(UntilItOpens);
        int before = Running;
        await _fixture.Honest.Releases.PointChannelAsync("stable", 1, null, CancellationToken.None);

        RefreshResult returned = await _node.RefreshAsync();
        int returnedTo = Running;
        await _fixture.Honest.Releases.PointChannelAsync("stable", 2, null, CancellationToken.None);
        await _node.RefreshAsync();

        Assert.Equal((2, true, 1), (before, returned.Activated, returnedTo));
        Assert.Equal(2, Running);           // it keeps release 2: the way back of the way back
    }

    [Fact]
    public async Task RefreshAsync_RolloutTakenBackWhileItsReleaseWaits_WaitsForNothing()
    {
        await PublishAsync(2);
        await _node.RefreshAsync();
        await _fixture.Honest.Releases.PointChannelAsync("stable", 1, null, CancellationToken.None);

        await _node.RefreshAsync();
        WaitingRelease? waiting = _node.Status.Waiting;
        _fixture.Clock.Advance(UntilItOpens);
        await _node.RefreshAsync();

        Assert.Equal((null, 1), (waiting, Running));
    }

    [Fact]
    public async Task RefreshAsync_ActiveReleaseRevoked_TakesTheNextAtOnce()
    {
        await PublishAsync(2);
        await _node.RefreshAsync();
        await _fixture.Honest.Policy.RevokeAsync([_models[0].Sha256], CancellationToken.None);

        Assert.True((await _node.RefreshAsync()).Activated);

        Assert.Equal((2, null), (Running, _node.Status.Waiting));
    }

    [Fact]
    public async Task RefreshAsync_MinimumReleaseAboveTheActiveOne_TakesTheNextAtOnce()
    {
        await PublishAsync(2);
        await _node.RefreshAsync();
        await _fixture.Honest.Policy.RaiseMinimumReleaseAsync(2, CancellationToken.None);

        Assert.True((await _node.RefreshAsync()).Activated);

        Assert.Equal(2, Running);
    }

    [Fact]
    public async Task RefreshAsync_WaitingReleaseRevokedOrReplaced_NeverAnswers()
    {
        await PublishAsync(2);
        await _node.RefreshAsync();
        await _fixture.Honest.Policy.RevokeAsync([_models[1].Sha256], CancellationToken.None);

        RefreshResult revoked = await _node.RefreshAsync();
        WaitingRelease? afterwards = _node.Status.Waiting;
        await PublishAsync(3);
        await _node.RefreshAsync();
        await PublishAsync(4);
        await _node.RefreshAsync();
        int? waiting = _node.Status.Waiting?.Release;
        _fixture.Clock.Advance(UntilItOpens);
        await _node.RefreshAsync();

        Assert.Equal((RefusalReason.ArtifactRevoked, null), (revoked.Refusal?.Reason, afterwards));
        Assert.Equal((4, 4), (waiting, Running));
    }

    [Fact]
    public async Task PinAndHold_WhileAReleaseWaits_ApplyAtOnce()
    {
        await PublishAsync(2);
        await _node.RefreshAsync();

        await _node.HoldAsync();
        (int, WaitingRelease?) held = (Running, _node.Status.Waiting);
        await _node.FollowAsync();
        int? followed = _node.Status.Waiting?.Release;
        RefreshResult pinned = await _node.PinAsync(2);

        Assert.Equal((1, null), held);
        Assert.Equal((2, true, 2, null), (followed, pinned.Activated, Running, _node.Status.Waiting));
    }
}
