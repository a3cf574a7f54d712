using Relay.Server.Repository;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository.Renewal;

public sealed class RenewalServiceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task RenewDueAsync_OverAYear_NothingEverExpires()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        Assert.False(await scene.Renewals.RenewDueAsync(None));
        DateTimeOffset end = scene.Clock.GetUtcNow().AddDays(400);
        while (scene.Clock.GetUtcNow() < end)
        {
            // A relay that is switched on once in 20 hours: later than due, and early enough.
            scene.Clock.Advance(TimeSpan.FromHours(20));
            RepositorySnapshot snapshot = scene.Read();
            RoleMetadata[] roles = [snapshot.Root, snapshot.Targets, snapshot.ChannelTargets, snapshot.Snapshot, snapshot.Timestamp];
            Assert.All(roles, role => Assert.True(role.Expires > scene.Clock.GetUtcNow()));
            Assert.True(scene.Renewals.NextDue() <= scene.Clock.GetUtcNow());
            Assert.True(await scene.Renewals.RenewDueAsync(None));
            Assert.True(scene.Renewals.NextDue() > scene.Clock.GetUtcNow());
        }

        Assert.True(scene.Read().Root.Version > 1);
    }
}
