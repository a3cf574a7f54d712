using DoomedProcess;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Signing;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Relay.TestKit.Trust;

namespace Relay.Server.Tests.Repository.Publishing;

/// <summary>SIGKILL of a publishing process after every single file operation: the repository that it leaves is the old one or
/// the new one, and the next publication continues from there.</summary>
public sealed class ReleasePublisherKillTests
{
    [Fact]
    [Trait("Attack", "kill")]
    public async Task Publish_KilledAfterAnyStep_OldOrNewVerifiesAndPublishingGoesOn()
    {
        using TemporaryFolder folder = new();
        (string keys, string repository) = (folder.Combine("keys"), folder.Combine("repository"));
        TestClock clock = new();
        OpenedKeys opened = await KeyStore.OpenAsync(keys, clock, CancellationToken.None);
        using SigningKeys own = opened.Keys;
        TufRepository published = new(repository, own, clock);
        await new RepositoryInitializer(published).RunAsync(CancellationToken.None);
        await PublishAsync(1);
        HashSet<int> found = [];
        string[] arguments = [keys, repository, "threat", "2"];
        KillPoints kills = new(
            repository,
            async step => Assert.Equal(0, await DoomedCommands.RunAsync("publish", clock.GetUtcNow(), step, arguments)),
            step => DoomedRun.SurvivesAsync("publish", clock.GetUtcNow(), step, arguments));

        int states = await kills.ForEachAsync(async () =>
        {
            found.Add(published.Read().LatestRelease);
            Assert.Equal(2, (await PublishAsync(2)).Release.Number);
            Assert.Equal(3, (await PublishAsync(3)).Release.Number);
            Assert.Equal(3, published.Read().Channels["stable"].Release);
        });

        Assert.InRange(states, 30, 400);
        Assert.Equal([1, 2], found.Order());

        Task<Publication> PublishAsync(int version)
        {
            byte[] content = [1, 2, 3, (byte)version];
            ArtifactSigner signer = new(own, clock);
            return new ReleasePublisher(published).PublishAsync(
                new([new("threat", version, content, signer.Sign(content))], "stable", null), CancellationToken.None).AcceptedAsync();
        }
    }
}
