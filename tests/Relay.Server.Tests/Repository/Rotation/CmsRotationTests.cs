using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Repository.Rotation;
using Relay.Server.Signing;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Rotation;

public sealed class CmsRotationTests : IDisposable
{
    private static readonly byte[] Content = [1, 2, 3];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RotateRootAsync_KeyHere_OldAndNewSignaturesHoldUntilTheOldRootIsDropped()
    {
        using TestRepository relay = await TestRepository.CreateAsync();
        await relay.PublishAsync("threat", 1, Content);
        Assert.Null((await relay.CmsRotation.RotateRootAsync(null, Cancel).AcceptedAsync()).Pending);

        X509Certificate2Collection overlap = Anchors(relay);
        Assert.Equal(2, overlap.Count);
        byte[] fresh = await SignAsync(relay);
        Assert.Null(Verify(relay.Signer.Sign(Content), overlap));
        Assert.Null(Verify(fresh, overlap));

        Assert.Equal(RotationRefusalReason.StillInUse, await KeyRotationTests.ReasonAsync(() => relay.CmsRotation.FinishRootAsync(Cancel)));
        Assert.Equal(2, Anchors(relay).Count);
        await relay.Releases.PublishAsync(new([new("threat", 2, Content, fresh)], "stable"), Cancel).AcceptedAsync();
        Assert.Null((await relay.CmsRotation.FinishRootAsync(Cancel).AcceptedAsync()).Pending);

        X509Certificate2Collection last = Anchors(relay);
        Assert.Single(last);
        Assert.Null(Verify(fresh, last));
        Assert.Equal(RefusalReason.CmsUntrustedSigner, Verify(relay.Signer.Sign(Content), last));
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task RotateRootAsync_CrashAfterAnyStep_TheNextStartSignsWithWhatNodesPin()
    {
        bool finished = false;
        HashSet<int> pinned = [];
        for (int step = 1; !finished; step++)
        {
            using TestRepository relay = await TestRepository.CreateAsync();
            finished = await new CrashPoint(step).RunAsync(files => new CmsRotation(
                new PolicyPublisher(new TufRepository(relay.RepositoryPath, relay.Keys, relay.Clock, files)),
                relay.KeysPath, relay.Clock, files).RotateRootAsync(null, Cancel).AcceptedAsync());

            using SigningKeys started = (await KeyStore.OpenAsync(relay.KeysPath, relay.Clock, Cancel)).Keys;
            TufRepository repository = new(relay.RepositoryPath, started, relay.Clock);
            await new RepositoryInitializer(repository).RunAsync(Cancel);
            using SigningServices parts = SigningServices.Open(_folder.Combine("none.json"), started, relay.Clock);
            Assert.Null(await new PolicyPublisher(repository).PinAnchorsAsync(Cancel));
            Assert.Null(Verify(parts.Artifacts.Sign(Content), Anchors(relay)));
            Assert.True(CmsKeyFolder.HoldsRootKey(relay.KeysPath));
            pinned.Add(Anchors(relay).Count);
        }

        Assert.Equal([1, 2], pinned.Order());
    }

    [Fact]
    public async Task RotateRootAsync_KeyOffline_TakesWhatWasMadeElsewhereOnceApproved()
    {
        using TestRepository relay = await TestRepository.CreateOfflineAsync();
        Assert.Equal(
            RotationRefusalReason.PublicKeyNeeded, await KeyRotationTests.ReasonAsync(() => relay.CmsRotation.RotateRootAsync(null, Cancel)));
        Assert.Equal(
            RotationRefusalReason.NotPossible,
            await KeyRotationTests.ReasonAsync(() => relay.CmsRotation.RotateRootAsync(_folder.Combine("nowhere"), Cancel)));
        Directory.CreateDirectory(_folder.Combine("made"));
        CmsKeyFolder.Create(_folder.Combine("made"), relay.Clock.GetUtcNow(), new DurableFiles());

        string? pending = (await relay.CmsRotation.RotateRootAsync(_folder.Combine("made"), Cancel).AcceptedAsync()).Pending;
        Assert.Single(Anchors(relay));
        await relay.Approvals.SignAsync(pending!, [relay.SignOffline(pending!, "targets-1")], Cancel).AcceptedAsync();

        Assert.Equal(2, Anchors(relay).Count);
        Assert.Null(Verify(await SignAsync(relay), Anchors(relay)));
        Assert.False(File.Exists(Path.Combine(relay.KeysPath, "cms-root-key.pem")));
        Assert.Equal(
            RotationRefusalReason.AlreadyListed,
            await KeyRotationTests.ReasonAsync(() => relay.CmsRotation.RotateRootAsync(_folder.Combine("made"), Cancel)));
    }

    [Fact]
    public async Task RotateSigner_KeyHere_NewKeyUnderTheSameRoot()
    {
        using TestRepository relay = await TestRepository.CreateAsync();
        Assert.Null(relay.CmsRotation.RotateSigner());
        using SigningKeys started = (await KeyStore.OpenAsync(relay.KeysPath, relay.Clock, Cancel)).Keys;
        Assert.NotEqual(relay.Keys.CmsSigner!.Thumbprint, started.CmsSigner!.Thumbprint);
        Assert.Null(Verify(new ArtifactSigner(started, relay.Clock).Sign(Content), Anchors(relay)));
        using TestRepository offline = await TestRepository.CreateOfflineAsync();
        Assert.Equal(RotationRefusalReason.NotPossible, offline.CmsRotation.RotateSigner()?.Reason);
    }

    [Fact]
    public async Task PinTimestampAnchorsAsync_Null_Unpins()
    {
        using TestRepository relay = await TestRepository.CreateAsync();
        byte[] pem = RepositoryBootstrap.EncodeAnchors([relay.Keys.CmsRoot]);
        await relay.Policy.PinTimestampAnchorsAsync(pem, Cancel);
        Assert.True(relay.Read().Targets.Files.ContainsKey(TargetPaths.TimestampAnchors));
        await relay.Policy.PinTimestampAnchorsAsync(null, Cancel);
        Assert.False(relay.Read().Targets.Files.ContainsKey(TargetPaths.TimestampAnchors));
    }

    private static async Task<byte[]> SignAsync(TestRepository relay)
    {
        using SigningKeys started = (await KeyStore.OpenAsync(relay.KeysPath, relay.Clock, Cancel)).Keys;
        return new ArtifactSigner(started, relay.Clock).Sign(Content);
    }

    private static X509Certificate2Collection Anchors(TestRepository relay)
    {
        TargetFile file = relay.Read().Targets.Files[TargetPaths.Anchors];
        return Assert.IsType<X509Certificate2Collection>(TrustAnchors.Read(relay.Serve($"targets/{file.ConsistentPath}")).Value);
    }

    private static RefusalReason? Verify(byte[] signature, X509Certificate2Collection anchors) =>
        CmsVerifier.Verify(Content, signature, anchors, new TestClock().GetUtcNow(), "model")?.Reason;
}
