using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.TestKit.Trust;
using Shared.Contracts.Cms;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tests.Tuf;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Cms;

/// <summary>Neither TUF nor CMS is enough alone: what one lets pass, the other stops.</summary>
public sealed class TwoLayersTests
{
    private static readonly string Model = TargetPaths.Model("threat", 1);

    [Fact]
    public async Task Fetch_HonestRelease_PassesBothLayers()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        Assert.Null(Cms(scene, Content(scene, Model), Content(scene, TargetPaths.SignatureOf(Model))));
    }

    [Fact]
    [Trait("Attack", "one-layer-stolen")]
    public async Task Fetch_ListedByStolenMetadataKeys_IsStoppedByCms()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        using TestRepository thief = await TestRepository.CreateAsync();
        byte[] model = "a model of the thief"u8.ToArray();
        byte[] signature = thief.Signer.Sign(model);
        JsonObject targets = scene.Wire.Signed(RoleNames.Targets);
        (targets["version"], targets["targets"]![Model], targets["targets"]![TargetPaths.SignatureOf(Model)]) =
            (99, Listing(model), Listing(signature));
        scene.Wire.ForgeFile(RoleNames.Targets, 99, scene.Wire.Keys.Sign(targets, RoleNames.Targets));
        scene.Wire.Replace(scene.Wire.TargetPath(Model), model);
        scene.Wire.Replace(scene.Wire.TargetPath(TargetPaths.SignatureOf(Model)), signature);

        Assert.Equal(model, Content(scene, Model));
        Assert.Equal(RefusalReason.CmsUntrustedSigner, Cms(scene, model, Content(scene, TargetPaths.SignatureOf(Model)))?.Reason);
    }

    [Fact]
    [Trait("Attack", "one-layer-stolen")]
    [Trait("Attack", "unlisted-file")]
    public async Task Fetch_SignedByAStolenCmsKey_IsStoppedByTuf()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] model = "a model that was never approved"u8.ToArray();
        byte[] signature = scene.Honest.Signer.Sign(model);
        Assert.Null(Cms(scene, model, signature));

        scene.Wire.Replace(scene.Wire.TargetPath(Model), model);
        Assert.Equal(RefusalReason.ArtifactLengthMismatch, scene.Fetch(Model)?.Reason);
        Assert.Equal(RefusalReason.UnlistedTarget, scene.Fetch(TargetPaths.Model("threat", 2))?.Reason);
    }

    [Fact]
    [Trait("Attack", "wrong-version")]
    [Trait("Attack", "mix-and-match")]
    public async Task Fetch_RightlySignedOlderModelUnderTheNewerName_IsStoppedByTuf()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        await scene.Honest.PublishAsync("threat", 2, [.. TrustScene.FirstModel.Reverse()]);
        scene.Wire.Swap(scene.Wire.TargetPath(Model), scene.Wire.TargetPath(TargetPaths.Model("threat", 2)));
        scene.AssertRefused(RefusalReason.ArtifactHashMismatch, TargetPaths.Model("threat", 2));
    }

    [Fact]
    public async Task Fetch_Model_IsLabelledWithItsNameVersionAndRelease()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        Assert.Null(scene.Fetch(Model));
        Assert.Equal(new TargetLabel("threat", 1, 1), scene.Node.Trusted.Find(Model).Found!.Label);
    }

    private static byte[] Content(TrustScene scene, string path)
    {
        Assert.Null(scene.Node.Fetch(scene.Wire.Serve, scene.Now, path, out byte[]? content));
        return content!;
    }

    private static Refusal? Cms(TrustScene scene, byte[] content, byte[] signature)
    {
        X509Certificate2Collection anchors = TrustAnchors.Read(Content(scene, TargetPaths.Anchors)).ValueOrThrow();
        return CmsVerifier.Verify(content, signature, anchors, scene.Now, Model);
    }

    private static JsonObject Listing(byte[] content) => new()
    {
        ["length"] = content.Length,
        ["hashes"] = JsonSerializer.SerializeToNode(new { sha256 = FileHashes.Compute(content).Sha256 }),
    };
}
