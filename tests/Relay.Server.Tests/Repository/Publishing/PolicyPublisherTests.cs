using Relay.Server.Repository.Publishing;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Repository.Publishing;

public sealed class PolicyPublisherTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    [Trait("Attack", "revoked-active")]
    public async Task RevokeAsync_Artifact_StandsInThePolicyAndCannotBePublishedAgain()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        ReleaseManifest release = (await scene.Releases.PublishAsync(scene.Request(1), None).AcceptedAsync()).Release;
        await scene.Policy.RevokeAsync([release.Models[0].Sha256], None);
        Assert.Equal([release.Models[0].Sha256], scene.Read().Policy.Revoked);
        Assert.Equal(
            PublishRefusalReason.ArtifactRevoked, (await scene.Releases.PublishAsync(scene.Request(1), None).RefusedAsync()).Reason);
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Policy.RevokeAsync(["no digest"], None));
    }

    [Fact]
    public async Task RaiseMinimumReleaseAsync_LowerNumber_DoesNotFall()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1), None).AcceptedAsync();
        await scene.Releases.PublishAsync(scene.Request(2), None).AcceptedAsync();
        await scene.Policy.RaiseMinimumReleaseAsync(2, None).AcceptedAsync();
        await scene.Policy.RaiseMinimumReleaseAsync(1, None).AcceptedAsync();
        Assert.Equal(2, scene.Read().Policy.MinimumRelease);
        Assert.Equal(PublishRefusalReason.ReleaseBelowMinimum, (await scene.Releases.PointChannelAsync("stable", 1, null, None))?.Reason);
        Assert.Equal(PublishRefusalReason.UnknownRelease, (await scene.Policy.RaiseMinimumReleaseAsync(3, None).RefusedAsync()).Reason);
    }
}
