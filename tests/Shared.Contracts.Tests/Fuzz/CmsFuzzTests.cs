using System.Security.Cryptography.Pkcs;
using Relay.TestKit.Fuzz;
using Shared.Contracts.Cms;
using Shared.Contracts.Tests.Cms;

namespace Shared.Contracts.Tests.Fuzz;

/// <summary>Altered signature files: of one signer, of two, and over altered content.</summary>
[Collection(FuzzTests.Name)]
public sealed class CmsFuzzTests
{
    private static readonly RefusalReason[] Reasons =
        [RefusalReason.CmsMalformed, RefusalReason.CmsSignature, RefusalReason.CmsUntrustedSigner];

    [Fact]
    [Trait("Attack", "malformed-asn1")]
    [Trait("Attack", "flipped-byte")]
    public void Verify_AlteredSignature_IsRefusedByTypeOrMeansTheSame()
    {
        CmsScene scene = new();
        byte[][] valid = [CmsScene.Sign(scene.Issue()), CmsScene.Sign(scene.Issue("First"), scene.Issue("Second"))];

        FuzzRun.ForAll(3500, DerMutator.Apply, valid, (signature, altered) =>
        {
            if (scene.Verify(altered) is { } reason)
            {
                Assert.Contains(reason, Reasons);
            }
            else
            {
                Assert.Subset(SignaturesOf(valid[signature]), SignaturesOf(altered));
            }
        });
    }

    [Fact]
    [Trait("Attack", "flipped-byte")]
    public void Verify_AlteredContent_IsRefused()
    {
        CmsScene scene = new();
        byte[] signature = CmsScene.Sign(scene.Issue());

        FuzzRun.ForAll(500, ByteMutator.Apply, [CmsScene.Content], (_, altered) => Assert.Equal(
            altered.AsSpan().SequenceEqual(CmsScene.Content),
            CmsVerifier.Verify(altered, signature, scene.Anchors, CmsScene.Now, "model") is null));
    }

    private static HashSet<string> SignaturesOf(byte[] file)
    {
        SignedCms cms = new(new ContentInfo(CmsScene.Content), detached: true);
        cms.Decode(file);
        return [.. cms.SignerInfos.Cast<SignerInfo>().Select(s => Convert.ToHexString(s.GetSignature()))];
    }
}
