namespace Relay.Server.Tests.Repository;

public sealed class RepositoryInitializerTests
{
    [Fact]
    public async Task RunAsync_AfterALongTimeOff_IsFreshAgain()
    {
        using PublisherScene scene = await PublisherScene.StartAsync();
        scene.Clock.Advance(TimeSpan.FromDays(1000));
        await scene.InitializeAsync();
        Assert.True(scene.Renewals.NextDue() > scene.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Read_BeforeTheFirstPublication_Throws()
    {
        using PublisherScene scene = await PublisherScene.CreateAsync();
        Assert.Throws<InvalidDataException>(() => scene.Read());
        Assert.Throws<InvalidDataException>(() => scene.Open().FirstRoot());
    }
}
