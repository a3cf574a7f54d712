using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.TestKit.Trust;
using Shared.Contracts;

namespace Relay.Server.Tests.Repository.Pending;

/// <summary>Two of three targets keys must sign, and the relay holds none of them.</summary>
public sealed class PendingPublicationTests : IAsyncLifetime
{
    private TestRepository _repository = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RepositoryPublisher Publisher => _repository.Publisher;

    public async ValueTask InitializeAsync() =>
        _repository = await TestRepository.CreateOfflineAsync(targetsKeys: 3, targetsThreshold: 2);

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task SignPendingAsync_TwoKeys_PublishesWithTheSecond()
    {
        string id = await ProposeAsync(1);
        Assert.False((await SignAsync(id, "targets-1")).Published);
        Assert.Equal(0, Publisher.Read().LatestRelease);

        Assert.True((await SignAsync(id, "targets-3")).Published);
        Assert.Equal(1, Publisher.Read().Channels["stable"].Release);
        Assert.Empty(Publisher.Pending());
    }

    [Fact]
    [Trait("Attack", "duplicate-signature")]
    public async Task SignPendingAsync_SameKeyAgain_DoesNotCount()
    {
        string id = await ProposeAsync(1);
        MetadataSignature first = _repository.SignOffline(id, "targets-1");
        SigningOutcome both = await Publisher.SignPendingAsync(id, [first, _repository.SignOffline(id, "targets-1")], Cancel);
        Assert.Single(both.Publication!.SignedBy);

        SigningOutcome again = await Publisher.SignPendingAsync(id, [first], Cancel);
        Assert.Equal(RefusalReason.MetadataSignature, again.Refusal?.Reason);
        Assert.Equal(0, Publisher.Read().LatestRelease);
    }

    [Theory]
    [InlineData("root-1")]
    [InlineData("cms-root-key")]
    public async Task SignPendingAsync_KeyThatMayNotSign_IsRefused(string key)
    {
        string id = await ProposeAsync(1);
        await SignAsync(id, "targets-1");
        SigningOutcome outcome = await SignAsync(id, key);
        Assert.Equal(RefusalReason.MetadataSignature, outcome.Refusal?.Reason);
        Assert.Single(Publisher.Pending().Single().SignedBy);
    }

    [Fact]
    [Trait("Attack", "one-layer-stolen")]
    public async Task SignPendingAsync_SignatureOfAnotherPublication_IsRefused()
    {
        string first = await ProposeAsync(1);
        string second = await ProposeAsync(2);
        SigningOutcome outcome = await Publisher.SignPendingAsync(second, [_repository.SignOffline(first, "targets-1")], Cancel);
        Assert.Equal(RefusalReason.MetadataSignature, outcome.Refusal?.Reason);
    }

    [Fact]
    public async Task SignPendingAsync_AnotherOneBecameCurrent_IsGone()
    {
        string first = await ProposeAsync(1);
        string second = await ProposeAsync(2);
        await SignAsync(second, "targets-1");
        await SignAsync(second, "targets-2");
        Assert.Null((await Publisher.SignPendingAsync(first, [], Cancel)).Publication);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("../metadata")]
    [InlineData("")]
    [Trait("Attack", "path-traversal")]
    public async Task SignPendingAsync_UnknownId_IsToldSo(string id)
    {
        Assert.Null((await Publisher.SignPendingAsync(id, [], Cancel)).Publication);
        Assert.False(await Publisher.DropPendingAsync(id, Cancel));
    }

    [Fact]
    public async Task DropPendingAsync_Publication_IsForgotten()
    {
        Assert.True(await Publisher.DropPendingAsync(await ProposeAsync(1), Cancel));
        Assert.Empty(Publisher.Pending());
    }

    [Fact]
    public async Task PointChannelAsync_ReleaseThatExists_NeedsNoOfflineKey()
    {
        await _repository.PublishAsync("threat", 1, [1]);
        await _repository.PublishAsync("threat", 2, [2]);
        await Publisher.PointChannelAsync("stable", 1, null, Cancel);
        Assert.Equal(1, Publisher.Read().Channels["stable"].Release);
        Assert.Empty(Publisher.Pending());
    }

    [Fact]
    public async Task RevokeAsync_TargetsKeysOffline_WaitsForThemAndIsNotMadeTwice()
    {
        string digest = new('a', 64);
        string? id = await Publisher.RevokeAsync([digest], Cancel);
        Assert.Equal(id, await Publisher.RevokeAsync([digest], Cancel));
        await SignAsync(id!, "targets-1");
        await SignAsync(id!, "targets-2");
        Assert.Equal([digest], Publisher.Read().Policy.Revoked);
    }

    [Fact]
    public async Task ResignAsync_TargetsKeysOffline_RenewsTheOnlineRoles()
    {
        _repository.Clock.Advance(TimeSpan.FromDays(6));
        Assert.True(await Publisher.ResignAsync(Cancel));
        Assert.Equal(1, Publisher.Read().Targets.Version);
    }

    [Fact]
    public async Task StageRenewalAsync_MonthBeforeTargetsExpire_StagesOnceAndRenewsWhenSigned()
    {
        Assert.Null(await Publisher.StageRenewalAsync(Cancel));
        DateTimeOffset expires = Publisher.Read().Targets.Expires;
        _repository.Clock.Advance(TimeSpan.FromDays(61));

        PendingPublication? renewal = await Publisher.StageRenewalAsync(Cancel);
        Assert.NotNull(renewal);
        Assert.Empty(renewal.Added);
        Assert.Equal(renewal.Id, (await Publisher.StageRenewalAsync(Cancel))?.Id);
        Assert.Single(Publisher.Pending());

        await SignAsync(renewal.Id, "targets-1");
        await SignAsync(renewal.Id, "targets-2");
        Assert.Equal(expires + TimeSpan.FromDays(61), Publisher.Read().Targets.Expires);
        Assert.Null(await Publisher.StageRenewalAsync(Cancel));
    }

    [Fact]
    public async Task StageRenewalAsync_PublicationWaits_ServesAsTheRenewal()
    {
        _repository.Clock.Advance(TimeSpan.FromDays(61));
        string id = await ProposeAsync(1);
        Assert.Equal(id, (await Publisher.StageRenewalAsync(Cancel))?.Id);
        Assert.Single(Publisher.Pending());
    }

    [Fact]
    public async Task StageRenewalAsync_PublicationTooOldToRenew_StagesAnother()
    {
        string old = await ProposeAsync(1);
        _repository.Clock.Advance(TimeSpan.FromDays(61));
        Assert.NotEqual(old, (await Publisher.StageRenewalAsync(Cancel))?.Id);
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task SignPendingAsync_CrashAfterAnyStep_NextStartFinishesOrStillWaits()
    {
        bool finished = false;
        for (int steps = 1; !finished; steps++)
        {
            string id = await ProposeAsync(steps);
            await SignAsync(id, "targets-1");
            MetadataSignature second = _repository.SignOffline(id, "targets-2");
            finished = await new CrashPoint(steps).RunAsync(files =>
                new RepositoryPublisher(_repository.RepositoryPath, _repository.Keys, _repository.Clock, files)
                    .SignPendingAsync(id, [second], Cancel));

            await Publisher.InitializeAsync(Cancel);
            if (Publisher.Pending().Any(pending => pending.Id == id))
            {
                Assert.True((await Publisher.SignPendingAsync(id, [second], Cancel)).Published);
            }

            Assert.Equal(steps, Publisher.Read().LatestRelease);
            Assert.Empty(Publisher.Pending());
        }
    }

    private async Task<string> ProposeAsync(int version) =>
        (await _repository.ProposeAsync("threat", version, [(byte)version])).Pending!;

    private Task<SigningOutcome> SignAsync(string id, string key) =>
        Publisher.SignPendingAsync(id, [_repository.SignOffline(id, key)], Cancel);
}
