using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository.Publishing;

public sealed class ReleasePublisherTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task PublishAsync_SecondModel_KeepsTheFirstInTheRelease()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1), None).AcceptedAsync();
        ReleaseManifest release = (await scene.Releases.PublishAsync(scene.Request(5, model: "another"), None).AcceptedAsync()).Release;
        Assert.Equal([("another", 5), ("threat", 1)], release.Models.Select(model => (model.Name, model.Version)));
        RepositorySnapshot snapshot = scene.Read();
        Assert.Equal((2, 2), (snapshot.LatestRelease, snapshot.Channels["stable"].Release));
        Assert.Equal(new TargetLabel("another", 5, 2), snapshot.Targets.Files[TargetPaths.Model("another", 5)].Label);
    }

    [Fact]
    public async Task PublishAsync_SameVersionWithOtherBytes_IsRefused()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1), None).AcceptedAsync();
        PublishRequest other = new([new("threat", 1, "x"u8.ToArray(), scene.Signer.Sign("x"u8))], "stable");
        Assert.Equal(PublishRefusalReason.VersionExists, (await scene.Releases.PublishAsync(other, None).RefusedAsync()).Reason);
        Assert.Equal(1, scene.Read().LatestRelease);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("a/b")]
    [Trait("Attack", "path-traversal")]
    public async Task PublishAsync_NameThatIsNotPlain_Throws(string name)
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Releases.PublishAsync(scene.Request(1, model: name), None));
    }

    [Fact]
    public async Task PublishAsync_WithPercentage_MakesACandidate()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1, percentage: 10), None).AcceptedAsync();
        Assert.Null(scene.Read().Channels["stable"].Candidate);

        await scene.Releases.PublishAsync(scene.Request(2, percentage: 10), None).AcceptedAsync();
        ChannelManifest channel = scene.Read().Channels["stable"];
        Assert.Equal((1, 2, 10.0), (channel.Release, channel.Candidate!.Release, channel.Candidate.Percentage));
    }

    [Fact]
    public async Task PointChannelAsync_OlderRelease_IsAHigherVersionThatLeadsToOldBytes()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1), None).AcceptedAsync();
        await scene.Releases.PublishAsync(scene.Request(2), None).AcceptedAsync();
        RepositorySnapshot before = scene.Read();
        await scene.Releases.PointChannelAsync("stable", 1, null, None);
        RepositorySnapshot after = scene.Read();
        Assert.Equal(1, after.Channels["stable"].Release);
        Assert.True(after.ChannelTargets.Version > before.ChannelTargets.Version);
        Assert.True(after.Timestamp.Version > before.Timestamp.Version);
        Assert.Equal(before.Targets.Version, after.Targets.Version);
    }

    [Fact]
    public async Task PointChannelAsync_ReleaseThatDoesNotExist_IsRefused()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1), None).AcceptedAsync();
        Assert.Equal(PublishRefusalReason.UnknownRelease, (await scene.Releases.PointChannelAsync("stable", 2, null, None))?.Reason);
        Assert.Equal(PublishRefusalReason.UnknownRelease, (await scene.Releases.PointChannelAsync("stable", 1, new(2, 1, "s"), None))?.Reason);
        Assert.Equal((1, null), (scene.Read().Channels["stable"].Release, scene.Read().Channels["stable"].Candidate));
    }
}
