using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

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
        Assert.Null(await relay.CmsRotation.RotateRootAsync(null, Cancel));

        X509Certificate2Collection overlap = Anchors(relay);
        Assert.Equal(2, overlap.Count);
        byte[] fresh = await SignAsync(relay);
        Assert.Null(Verify(relay.Signer.Sign(Content), overlap));
        Assert.Null(Verify(fresh, overlap));

        Assert.Equal(RotationFault.StillInUse, await KeyRotationTests.FaultAsync(() => relay.CmsRotation.FinishRootAsync(Cancel)));
        Assert.Equal(2, Anchors(relay).Count);
        await relay.Publisher.PublishAsync(new([new("threat", 2, Content, fresh)], "stable"), Cancel);
        Assert.Null(await relay.CmsRotation.FinishRootAsync(Cancel));

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
                new(relay.RepositoryPath, relay.Keys, relay.Clock, files), relay.KeysPath, relay.Clock, files).RotateRootAsync(null, Cancel));

            using SigningKeys started = (await KeyStore.OpenAsync(relay.KeysPath, relay.Clock, Cancel)).Keys;
            RepositoryPublisher publisher = new(relay.RepositoryPath, started, relay.Clock);
            await publisher.InitializeAsync(Cancel);
            using SigningServices parts = SigningServices.Open(_folder.Combine("none.json"), started, relay.Clock);
            Assert.Null(await publisher.PinAnchorsAsync(Cancel));
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
            RotationFault.PublicKeyNeeded, await KeyRotationTests.FaultAsync(() => relay.CmsRotation.RotateRootAsync(null, Cancel)));
        Assert.Equal(
            RotationFault.NotPossible,
            await KeyRotationTests.FaultAsync(() => relay.CmsRotation.RotateRootAsync(_folder.Combine("nowhere"), Cancel)));
        Directory.CreateDirectory(_folder.Combine("made"));
        CmsKeyFolder.Create(_folder.Combine("made"), relay.Clock.GetUtcNow(), new DurableFiles());

        string? pending = await relay.CmsRotation.RotateRootAsync(_folder.Combine("made"), Cancel);
        Assert.Single(Anchors(relay));
        await relay.Publisher.SignPendingAsync(pending!, [relay.SignOffline(pending!, "targets-1")], Cancel);

        Assert.Equal(2, Anchors(relay).Count);
        Assert.Null(Verify(await SignAsync(relay), Anchors(relay)));
        Assert.False(File.Exists(Path.Combine(relay.KeysPath, "cms-root-key.pem")));
        Assert.Equal(
            RotationFault.AlreadyListed,
            await KeyRotationTests.FaultAsync(() => relay.CmsRotation.RotateRootAsync(_folder.Combine("made"), Cancel)));
    }

    [Fact]
    public async Task RotateSigner_KeyHere_NewKeyUnderTheSameRoot()
    {
        using TestRepository relay = await TestRepository.CreateAsync();
        relay.CmsRotation.RotateSigner();
        using SigningKeys started = (await KeyStore.OpenAsync(relay.KeysPath, relay.Clock, Cancel)).Keys;
        Assert.NotEqual(relay.Keys.CmsSigner!.Thumbprint, started.CmsSigner!.Thumbprint);
        Assert.Null(Verify(new ArtifactSigner(started, relay.Clock).Sign(Content), Anchors(relay)));
        using TestRepository offline = await TestRepository.CreateOfflineAsync();
        Assert.Equal(RotationFault.NotPossible, Assert.Throws<RotationException>(offline.CmsRotation.RotateSigner).Fault);
    }

    [Fact]
    public async Task PinTimestampAnchorsAsync_Null_Unpins()
    {
        using TestRepository relay = await TestRepository.CreateAsync();
        byte[] pem = RepositoryBootstrap.AnchorsOf([relay.Keys.CmsRoot]);
        await relay.Publisher.PinTimestampAnchorsAsync(pem, Cancel);
        Assert.True(relay.Publisher.Read().Targets.Files.ContainsKey(TargetPaths.TimestampAnchors));
        await relay.Publisher.PinTimestampAnchorsAsync(null, Cancel);
        Assert.False(relay.Publisher.Read().Targets.Files.ContainsKey(TargetPaths.TimestampAnchors));
    }

    private static async Task<byte[]> SignAsync(TestRepository relay)
    {
        using SigningKeys started = (await KeyStore.OpenAsync(relay.KeysPath, relay.Clock, Cancel)).Keys;
        return new ArtifactSigner(started, relay.Clock).Sign(Content);
    }

    private static X509Certificate2Collection Anchors(TestRepository relay)
    {
        TargetFile file = relay.Publisher.Read().Targets.Files[TargetPaths.Anchors];
        return Assert.IsType<X509Certificate2Collection>(TrustAnchors.Read(relay.Serve($"targets/{file.ConsistentPath}")).Value);
    }

    private static RefusalReason? Verify(byte[] signature, X509Certificate2Collection anchors) =>
        CmsVerifier.Verify(Content, signature, anchors, new TestClock().GetUtcNow(), "model")?.Reason;
}
