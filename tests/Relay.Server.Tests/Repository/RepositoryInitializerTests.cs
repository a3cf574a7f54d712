using Relay.Server.Keys.Signers;
using Relay.Server.Repository;

namespace Relay.Server.Tests.Repository;

public sealed class RepositoryInitializerTests
{
    [Fact]
    public async Task RunAsync_AfterALongTimeOff_IsFreshAgain()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        scene.Clock.Advance(TimeSpan.FromDays(1000));
        await Assert.ThrowsAsync<SigningException>(() => scene.InitializeAsync());

        TufRepository confirmed = scene.Open();
        confirmed.IsClockConfirmed = true;
        await new RepositoryInitializer(confirmed).RunAsync(CancellationToken.None);
        Assert.True(scene.Renewals.NextDue() > scene.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Read_BeforeTheFirstPublication_Throws()
    {
        using RepositoryScene scene = await RepositoryScene.CreateAsync();
        Assert.Throws<InvalidDataException>(() => scene.Read());
        Assert.Throws<InvalidDataException>(() => scene.Open().FirstRoot());
    }
}
