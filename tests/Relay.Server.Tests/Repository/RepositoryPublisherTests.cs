using Relay.Server.Repository;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository;

public sealed class RepositoryPublisherTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task PublishAsync_SecondModel_KeepsTheFirstInTheRelease()
    {
        using PublisherScene scene = await StartAsync();
        await scene.Publisher().PublishAsync(scene.Request(1), None);
        ReleaseManifest release = (await scene.Publisher().PublishAsync(scene.Request(5, model: "another"), None)).Release;
        Assert.Equal([("another", 5), ("threat", 1)], release.Models.Select(model => (model.Name, model.Version)));
        RepositorySnapshot state = scene.Publisher().Read();
        Assert.Equal((2, 2), (state.LatestRelease, state.Channels["stable"].Release));
        Assert.Equal(new TargetLabel("another", 5, 2), state.Targets.Files[TargetPaths.Model("another", 5)].Label);
    }

    [Fact]
    public async Task PublishAsync_SameVersionWithOtherBytes_Throws()
    {
        using PublisherScene scene = await StartAsync();
        await scene.Publisher().PublishAsync(scene.Request(1), None);
        PublishRequest other = new([new("threat", 1, "x"u8.ToArray(), scene.Signer.Sign("x"u8))], "stable");
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Publisher().PublishAsync(other, None));
        Assert.Equal(1, scene.Publisher().Read().LatestRelease);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("a/b")]
    [Trait("Attack", "path-traversal")]
    public async Task PublishAsync_NameThatIsNotPlain_Throws(string name)
    {
        using PublisherScene scene = await StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Publisher().PublishAsync(scene.Request(1, model: name), None));
    }

    [Fact]
    public async Task PublishAsync_WithPercentage_MakesACandidate()
    {
        using PublisherScene scene = await StartAsync();
        await scene.Publisher().PublishAsync(scene.Request(1, percentage: 10), None);
        Assert.Null(scene.Publisher().Read().Channels["stable"].Candidate);

        await scene.Publisher().PublishAsync(scene.Request(2, percentage: 10), None);
        ChannelManifest channel = scene.Publisher().Read().Channels["stable"];
        Assert.Equal((1, 2, 10.0), (channel.Release, channel.Candidate!.Release, channel.Candidate.Percentage));
    }

    [Fact]
    public async Task PointChannelAsync_OlderRelease_IsAHigherVersionThatLeadsToOldBytes()
    {
        using PublisherScene scene = await StartAsync();
        await scene.Publisher().PublishAsync(scene.Request(1), None);
        await scene.Publisher().PublishAsync(scene.Request(2), None);
        RepositorySnapshot before = scene.Publisher().Read();
        await scene.Publisher().PointChannelAsync("stable", 1, null, None);
        RepositorySnapshot after = scene.Publisher().Read();
        Assert.Equal(1, after.Channels["stable"].Release);
        Assert.True(after.ChannelTargets.Version > before.ChannelTargets.Version);
        Assert.True(after.Timestamp.Version > before.Timestamp.Version);
        Assert.Equal(before.Targets.Version, after.Targets.Version);
    }

    [Fact]
    public async Task PointChannelAsync_ReleaseThatDoesNotExist_Throws()
    {
        using PublisherScene scene = await StartAsync();
        await scene.Publisher().PublishAsync(scene.Request(1), None);
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Publisher().PointChannelAsync("stable", 2, null, None));
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Publisher().PointChannelAsync("stable", 1, new(2, 1, "s"), None));
    }

    [Fact]
    [Trait("Attack", "revoked-active")]
    public async Task RevokeAsync_Artifact_StandsInThePolicyAndCannotBePublishedAgain()
    {
        using PublisherScene scene = await StartAsync();
        ReleaseManifest release = (await scene.Publisher().PublishAsync(scene.Request(1), None)).Release;
        await scene.Publisher().RevokeAsync([release.Models[0].Sha256], None);
        Assert.Equal([release.Models[0].Sha256], scene.Publisher().Read().Policy.Revoked);
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Publisher().PublishAsync(scene.Request(1), None));
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Publisher().RevokeAsync(["no digest"], None));
    }

    [Fact]
    public async Task RaiseMinimumReleaseAsync_LowerNumber_DoesNotFall()
    {
        using PublisherScene scene = await StartAsync();
        await scene.Publisher().PublishAsync(scene.Request(1), None);
        await scene.Publisher().PublishAsync(scene.Request(2), None);
        await scene.Publisher().RaiseMinimumReleaseAsync(2, None);
        await scene.Publisher().RaiseMinimumReleaseAsync(1, None);
        Assert.Equal(2, scene.Publisher().Read().Policy.MinimumRelease);
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Publisher().PointChannelAsync("stable", 1, null, None));
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Publisher().RaiseMinimumReleaseAsync(3, None));
    }

    [Fact]
    public async Task ResignAsync_OverAYear_NothingEverExpires()
    {
        using PublisherScene scene = await StartAsync();
        Assert.False(await scene.Publisher().ResignAsync(None));
        DateTimeOffset end = scene.Clock.GetUtcNow().AddDays(400);
        while (scene.Clock.GetUtcNow() < end)
        {
            // A relay that is switched on once in 20 hours: later than due, and early enough.
            scene.Clock.Advance(TimeSpan.FromHours(20));
            RepositorySnapshot state = scene.Publisher().Read();
            RoleMetadata[] roles = [state.Root, state.Targets, state.ChannelTargets, state.Snapshot, state.Timestamp];
            Assert.All(roles, role => Assert.True(role.Expires > scene.Clock.GetUtcNow()));
            Assert.True(scene.Publisher().NextDue() <= scene.Clock.GetUtcNow());
            Assert.True(await scene.Publisher().ResignAsync(None));
            Assert.True(scene.Publisher().NextDue() > scene.Clock.GetUtcNow());
        }

        Assert.True(scene.Publisher().Read().Root.Version > 1);
    }

    [Fact]
    public async Task InitializeAsync_AfterALongSleep_IsFreshAgain()
    {
        using PublisherScene scene = await StartAsync();
        scene.Clock.Advance(TimeSpan.FromDays(1000));
        await scene.Publisher().InitializeAsync(None);
        Assert.True(scene.Publisher().NextDue() > scene.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Read_BeforeTheFirstPublication_Throws()
    {
        using PublisherScene scene = await PublisherScene.CreateAsync();
        Assert.Throws<InvalidDataException>(() => scene.Publisher().Read());
        Assert.Throws<InvalidDataException>(() => scene.Publisher().FirstRoot());
    }

    private static async Task<PublisherScene> StartAsync()
    {
        PublisherScene scene = await PublisherScene.CreateAsync();
        await scene.Publisher().InitializeAsync(None);
        return scene;
    }
}
