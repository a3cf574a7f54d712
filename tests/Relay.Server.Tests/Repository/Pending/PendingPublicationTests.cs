using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.TestKit.Trust;

namespace Relay.Server.Tests.Repository.Pending;

/// <summary>Two of three targets keys must sign, and the relay holds none of them.</summary>
public sealed class PendingPublicationTests : IAsyncLifetime
{
    private TestRepository _repository = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApprovalService Approvals => _repository.Approvals;

    public async ValueTask InitializeAsync() =>
        _repository = await TestRepository.CreateOfflineAsync(targetsKeys: 3, targetsThreshold: 2);

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task SignAsync_TwoKeys_PublishesWithTheSecond()
    {
        string id = await ProposeAsync(1);
        Assert.False((await SignAsync(id, "targets-1")).Published);
        Assert.Equal(0, _repository.Read().LatestRelease);

        Assert.True((await SignAsync(id, "targets-3")).Published);
        Assert.Equal(1, _repository.Read().Channels["stable"].Release);
        Assert.Empty(Approvals.List());
    }

    [Fact]
    [Trait("Attack", "duplicate-signature")]
    public async Task SignAsync_SameKeyAgain_DoesNotCount()
    {
        string id = await ProposeAsync(1);
        MetadataSignature first = _repository.SignOffline(id, "targets-1");
        Approval both = await Approvals.SignAsync(id, [first, _repository.SignOffline(id, "targets-1")], Cancel).AcceptedAsync();
        Assert.Single(both.Publication.SignedBy);

        ApprovalRefusal again = await Approvals.SignAsync(id, [first], Cancel).RefusedAsync();
        Assert.Equal(ApprovalRefusalReason.NoNewSignature, again.Reason);
        Assert.Equal(0, _repository.Read().LatestRelease);
    }

    [Theory]
    [InlineData("root-1")]
    [InlineData("cms-root-key")]
    public async Task SignAsync_KeyThatMayNotSign_IsRefused(string key)
    {
        string id = await ProposeAsync(1);
        await SignAsync(id, "targets-1");
        ApprovalRefusal refused = await Approvals.SignAsync(id, [_repository.SignOffline(id, key)], Cancel).RefusedAsync();
        Assert.Equal(ApprovalRefusalReason.NoNewSignature, refused.Reason);
        Assert.Single(Approvals.List().Single().SignedBy);
    }

    [Fact]
    [Trait("Attack", "one-layer-stolen")]
    public async Task SignAsync_SignatureOfAnotherPublication_IsRefused()
    {
        string first = await ProposeAsync(1);
        string second = await ProposeAsync(2);
        ApprovalRefusal refused = await Approvals.SignAsync(second, [_repository.SignOffline(first, "targets-1")], Cancel).RefusedAsync();
        Assert.Equal(ApprovalRefusalReason.NoNewSignature, refused.Reason);
    }

    [Fact]
    public async Task SignAsync_AnotherOneBecameCurrent_IsGone()
    {
        string first = await ProposeAsync(1);
        string second = await ProposeAsync(2);
        await SignAsync(second, "targets-1");
        await SignAsync(second, "targets-2");
        Assert.Equal(ApprovalRefusalReason.UnknownPublication, (await Approvals.SignAsync(first, [], Cancel).RefusedAsync()).Reason);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("../metadata")]
    [InlineData("")]
    [Trait("Attack", "path-traversal")]
    public async Task SignAsync_UnknownId_IsToldSo(string id)
    {
        Assert.Equal(ApprovalRefusalReason.UnknownPublication, (await Approvals.SignAsync(id, [], Cancel).RefusedAsync()).Reason);
        Assert.False(await Approvals.DropAsync(id, Cancel));
    }

    [Fact]
    public async Task DropAsync_Publication_IsForgotten()
    {
        Assert.True(await Approvals.DropAsync(await ProposeAsync(1), Cancel));
        Assert.Empty(Approvals.List());
    }

    [Fact]
    public async Task PointChannelAsync_ReleaseThatExists_NeedsNoOfflineKey()
    {
        await _repository.PublishAsync("threat", 1, [1]);
        await _repository.PublishAsync("threat", 2, [2]);
        await _repository.Releases.PointChannelAsync("stable", 1, null, Cancel);
        Assert.Equal(1, _repository.Read().Channels["stable"].Release);
        Assert.Empty(Approvals.List());
    }

    [Fact]
    public async Task RevokeAsync_TargetsKeysOffline_WaitsForThemAndIsNotMadeTwice()
    {
        string digest = new('a', 64);
        string? id = await _repository.Policy.RevokeAsync([digest], Cancel);
        Assert.Equal(id, await _repository.Policy.RevokeAsync([digest], Cancel));
        await SignAsync(id!, "targets-1");
        await SignAsync(id!, "targets-2");
        Assert.Equal([digest], _repository.Read().Policy.Revoked);
    }

    [Fact]
    public async Task RenewDueAsync_TargetsKeysOffline_RenewsTheOnlineRoles()
    {
        _repository.Clock.Advance(TimeSpan.FromDays(6));
        Assert.True(await _repository.Renewals.RenewDueAsync(Cancel));
        Assert.Equal(1, _repository.Read().Targets.Version);
    }

    [Fact]
    public async Task StageAsync_MonthBeforeTargetsExpire_StagesOnceAndRenewsWhenSigned()
    {
        Assert.Null(await _repository.Renewals.StageAsync(Cancel));
        DateTimeOffset expires = _repository.Read().Targets.Expires;
        _repository.Clock.Advance(TimeSpan.FromDays(61));

        PendingPublication? renewal = await _repository.Renewals.StageAsync(Cancel);
        Assert.NotNull(renewal);
        Assert.Empty(renewal.Added);
        Assert.Equal(renewal.Id, (await _repository.Renewals.StageAsync(Cancel))?.Id);
        Assert.Single(Approvals.List());

        await SignAsync(renewal.Id, "targets-1");
        await SignAsync(renewal.Id, "targets-2");
        Assert.Equal(expires + TimeSpan.FromDays(61), _repository.Read().Targets.Expires);
        Assert.Null(await _repository.Renewals.StageAsync(Cancel));
    }

    [Fact]
    public async Task StageAsync_PublicationWaits_ServesAsTheRenewal()
    {
        _repository.Clock.Advance(TimeSpan.FromDays(61));
        string id = await ProposeAsync(1);
        Assert.Equal(id, (await _repository.Renewals.StageAsync(Cancel))?.Id);
        Assert.Single(Approvals.List());
    }

    [Fact]
    public async Task StageAsync_PublicationTooOldToRenew_StagesAnother()
    {
        string old = await ProposeAsync(1);
        _repository.Clock.Advance(TimeSpan.FromDays(61));
        Assert.NotEqual(old, (await _repository.Renewals.StageAsync(Cancel))?.Id);
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task SignAsync_CrashAfterAnyStep_NextStartFinishesOrStillWaits()
    {
        bool finished = false;
        for (int steps = 1; !finished; steps++)
        {
            string id = await ProposeAsync(steps);
            await SignAsync(id, "targets-1");
            MetadataSignature second = _repository.SignOffline(id, "targets-2");
            finished = await new CrashPoint(steps).RunAsync(files =>
                new ApprovalService(new TufRepository(_repository.RepositoryPath, _repository.Keys, _repository.Clock, files))
                    .SignAsync(id, [second], Cancel));

            await new RepositoryInitializer(_repository.Repository).RunAsync(Cancel);
            if (Approvals.List().Any(pending => pending.Id == id))
            {
                Assert.True((await Approvals.SignAsync(id, [second], Cancel).AcceptedAsync()).Published);
            }

            Assert.Equal(steps, _repository.Read().LatestRelease);
            Assert.Empty(Approvals.List());
        }
    }

    private async Task<string> ProposeAsync(int version) =>
        (await _repository.ProposeAsync("threat", version, [(byte)version])).Pending!;

    private Task<Approval> SignAsync(string id, string key) =>
        Approvals.SignAsync(id, [_repository.SignOffline(id, key)], Cancel).AcceptedAsync();
}
