using Relay.Server.Repository.Publishing;
using Relay.Server.Tests.Repository;
using Relay.TestKit.Trust;

namespace Relay.Server.Tests.Signing;

/// <summary>The check that every test relay goes through at its end sees what it is there to see.</summary>
public sealed class SignatureAuditTests
{
    [Fact]
    public async Task RequireAsync_SignatureOfOtherBytes_Throws()
    {
        Assert.SkipUnless(await OpenSsl.IsInstalledAsync(), "openssl is not installed.");
        using RepositoryScene scene = await RepositoryScene.CreateAsync();
        await scene.InitializeAsync();
        await scene.Releases.PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();
        await SignatureAudit.RequireAsync(scene.Repository, scene.Clock.GetUtcNow());

        SignedArtifact wrong = new("threat", 2, new byte[] { 1 }, scene.Signer.Sign([2]));
        await scene.Releases.PublishAsync(new([wrong], "stable"), CancellationToken.None).AcceptedAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => SignatureAudit.RequireAsync(scene.Repository, scene.Clock.GetUtcNow()));
    }
}
