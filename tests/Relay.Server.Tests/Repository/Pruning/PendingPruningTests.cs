using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Repository.Pruning;

/// <summary>Where people sign targets, releases leave with what they sign anyway, and never one that a channel has come to name.</summary>
public sealed class PendingPruningTests : IAsyncLifetime
{
    private const string Model = "threat-classifier";
    private TestRepository _repository = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<int> Listed => _repository.Read().Releases.Keys.Order();

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateOfflineAsync();
        _repository.Unlist(afterDays: 1, keptReleases: 1);
        await _repository.PublishAsync(Model, 1, [1]);
        await _repository.PublishAsync(Model, 2, [2]);
        _repository.Clock.Advance(TimeSpan.FromDays(2));
    }

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Propose_OldRelease_LeavesWithTheSignatureAndNotBefore()
    {
        string id = (await _repository.ProposeAsync(Model, 3, [3])).Pending!;
        int[] waiting = [.. Listed];

        Approval approval = await SignAsync(id).AcceptedAsync();

        Assert.True(approval.Published);
        Assert.Equal([1, 2], waiting);
        Assert.Equal([2, 3], Listed);
    }

    [Fact]
    public async Task Propose_OldRelease_IsNoChangeByItself()
    {
        await _repository.Renewals.RenewDueAsync(Cancel);

        Assert.Null(await _repository.Renewals.StageAsync(Cancel));
        Assert.Empty(_repository.Approvals.List());
        Assert.Equal([1, 2], Listed);
    }

    [Fact]
    public async Task SignAsync_ChannelWentBackMeanwhile_IsRefusedUntilItLeavesThatRelease()
    {
        string id = (await _repository.ProposeAsync(Model, 3, [3], channel: "trial")).Pending!;
        Assert.Null(await _repository.Releases.PointChannelAsync("stable", 1, null, Cancel));

        ApprovalRefusal? refusal = (await SignAsync(id)).Refusal;
        await new ApprovalService(_repository.Repository).ResumeAsync(Cancel);

        Assert.Equal(ApprovalRefusalReason.ReleaseUnlisted, refusal?.Reason);
        Assert.Equal([1, 2], Listed);
        Assert.Equal(1, _repository.Read().Channels["stable"].Release);

        // The same again lists release 1, which is named now.
        string again = (await _repository.ProposeAsync(Model, 3, [3], channel: "trial")).Pending!;
        Assert.NotEqual(id, again);
        Assert.True((await SignAsync(again).AcceptedAsync()).Published);
        Assert.Equal([1, 2, 3], Listed);
    }

    private Task<Shared.Contracts.Result<Approval, ApprovalRefusal>> SignAsync(string id) =>
        _repository.Approvals.SignAsync(id, [_repository.SignOffline(id, "targets-1")], Cancel);
}
