using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys.Signers;
using Relay.Server.Signing;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Cms;

namespace Relay.Server.Tests.Signing;

/// <summary>RFC 3161 tokens from <c>openssl ts</c>: requested, carried, and what a node makes of them.</summary>
public sealed class TimestampTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly DateTimeOffset SignerExpired = Now.AddYears(11);

    [Fact]
    public async Task StampAsync_Signature_NodesAndOpenSslStillAcceptIt()
    {
        (SignerScene scene, TimestampServer server, byte[] stamped) = await StampAsync();
        using SignerScene used = scene;
        await using TimestampServer tsa = server;
        Assert.Null(Verify(scene, stamped, Now, pinned: []));
        Assert.Null(Verify(scene, stamped, Now, pinned: [tsa.Root]));
        Assert.Null(await scene.VerifyByOpenSslAsync(stamped));
        Assert.NotEmpty(Token(stamped));
    }

    [Fact]
    public async Task Verify_SignerExpiredSince_TheTokensTimeCountsWhereItsRootIsPinned()
    {
        (SignerScene scene, TimestampServer server, byte[] stamped) = await StampAsync();
        using SignerScene used = scene;
        await using TimestampServer tsa = server;
        Assert.Equal(RefusalReason.CmsUntrustedSigner, Verify(scene, stamped, SignerExpired, pinned: []));
        Assert.Null(Verify(scene, stamped, SignerExpired, pinned: [tsa.Root]));
    }

    [Fact]
    public async Task Verify_NoToken_TheNodesTimeCounts()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        await using TimestampServer tsa = await TimestampServer.StartAsync();
        using SigningServices parts = scene.Open();
        byte[] signature = parts.Artifacts.Sign(SignerScene.Content);
        Assert.Null(Verify(scene, signature, Now, pinned: [tsa.Root]));
        Assert.Equal(RefusalReason.CmsUntrustedSigner, Verify(scene, signature, SignerExpired, pinned: [tsa.Root]));
    }

    [Fact]
    public async Task Verify_TokenOfAnotherAuthority_IsRefusedWhereOneIsPinned()
    {
        (SignerScene scene, TimestampServer server, byte[] stamped) = await StampAsync();
        using SignerScene used = scene;
        await using TimestampServer tsa = server;
        await using TimestampServer other = await TimestampServer.StartAsync();
        Assert.Equal(RefusalReason.CmsTimestamp, Verify(scene, stamped, Now, pinned: [other.Root]));
    }

    [Fact]
    public async Task Verify_TokenOverAnotherSignature_IsRefused()
    {
        (SignerScene scene, TimestampServer server, byte[] stamped) = await StampAsync();
        using SignerScene used = scene;
        await using TimestampServer tsa = server;
        using SigningServices parts = scene.Open();
        byte[] other = WithTokens(parts.Artifacts.Sign(SignerScene.Content), Token(stamped));
        Assert.Equal(RefusalReason.CmsTimestamp, Verify(scene, other, Now, pinned: [tsa.Root]));
    }

    [Fact]
    public async Task Verify_TwoTokens_AreRefused()
    {
        (SignerScene scene, TimestampServer server, byte[] stamped) = await StampAsync();
        using SignerScene used = scene;
        await using TimestampServer tsa = server;
        Assert.Equal(RefusalReason.CmsTimestamp, Verify(scene, WithTokens(stamped, Token(stamped)), Now, pinned: [tsa.Root]));
    }

    [Fact]
    public async Task Verify_TokenThatIsNone_IsRefused()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        await using TimestampServer tsa = await TimestampServer.StartAsync();
        using SigningServices parts = scene.Open();
        byte[] signature = WithTokens(parts.Artifacts.Sign(SignerScene.Content), [0x30, 0x00]);
        Assert.Equal(RefusalReason.CmsTimestamp, Verify(scene, signature, Now, pinned: [tsa.Root]));
    }

    [Fact]
    public async Task StampAsync_StampedAlready_DoesNotAskAgain()
    {
        (SignerScene scene, TimestampServer server, byte[] stamped) = await StampAsync();
        using SignerScene used = scene;
        await using TimestampServer tsa = server;
        using TimestampClient client = new(tsa.Address, TimeProvider.System);
        Assert.Equal(stamped, await client.StampAsync(stamped, CancellationToken.None));
        Assert.Equal(1, tsa.Requests);
    }

    [Fact]
    public async Task StampAsync_AuthorityFailsAtFirst_IsAskedAgain()
    {
        await SignerScene.RequireOpenSslAsync();
        using SignerScene scene = await SignerScene.CreateAsync();
        await using TimestampServer tsa = await TimestampServer.StartAsync();
        tsa.Failures = 1;
        byte[] stamped = await StampAsync(scene, tsa);
        Assert.Null(Verify(scene, stamped, SignerExpired, pinned: [tsa.Root]));
        Assert.Equal(2, tsa.Requests);
    }

    [Fact]
    public async Task StampAsync_AuthorityIsDown_Throws()
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        await using TimestampServer tsa = await TimestampServer.StartAsync();
        tsa.Failures = int.MaxValue;
        await Assert.ThrowsAsync<SigningException>(() => StampAsync(scene, tsa));
        Assert.Equal(3, tsa.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public async Task StampAsync_AnswerIsNoToken_Throws(int length)
    {
        using SignerScene scene = await SignerScene.CreateAsync();
        await using TimestampServer tsa = await TimestampServer.StartAsync();
        tsa.Instead = new byte[length];
        await Assert.ThrowsAsync<SigningException>(() => StampAsync(scene, tsa));
    }

    private static async Task<(SignerScene Scene, TimestampServer Server, byte[] Stamped)> StampAsync()
    {
        await SignerScene.RequireOpenSslAsync();
        SignerScene scene = await SignerScene.CreateAsync();
        TimestampServer server = await TimestampServer.StartAsync();
        return (scene, server, await StampAsync(scene, server));
    }

    private static async Task<byte[]> StampAsync(SignerScene scene, TimestampServer server)
    {
        using SigningServices parts = scene.Open();
        using TimestampClient client = new(server.Address, TimeProvider.System);
        return await client.StampAsync(parts.Artifacts.Sign(SignerScene.Content), CancellationToken.None);
    }

    private static RefusalReason? Verify(SignerScene scene, byte[] signature, DateTimeOffset at, X509Certificate2Collection pinned) =>
        CmsVerifier.Verify(SignerScene.Content, signature, [scene.Keys.CmsRoot], at, "model", timestampAnchors: pinned)?.Reason;

    private static byte[] WithTokens(byte[] signature, byte[] token)
    {
        SignedCms cms = new();
        cms.Decode(signature);
        cms.SignerInfos[0].AddUnsignedAttribute(new AsnEncodedData(new Oid(CmsProfile.TimestampTokenAttribute), token));
        return cms.Encode();
    }

    private static byte[] Token(byte[] signature) => Signer(signature).UnsignedAttributes[0].Values[0].RawData;

    private static SignerInfo Signer(byte[] signature)
    {
        SignedCms cms = new();
        cms.Decode(signature);
        return cms.SignerInfos[0];
    }
}
