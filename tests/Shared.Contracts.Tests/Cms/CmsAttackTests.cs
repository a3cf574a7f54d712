using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Cms;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Cms;

/// <summary>Signatures of artifacts that are not in the one form, or not over these bytes.</summary>
public sealed class CmsAttackTests
{
    private readonly CmsScene _scene = new();

    [Fact]
    public void Verify_SignatureInOurForm_IsAccepted() => Assert.Null(_scene.Verify(CmsScene.Sign(_scene.Issue())));

    [Fact]
    [Trait("Attack", "flipped-byte")]
    public void Verify_AnyFlippedByteOfTheContent_IsRefused()
    {
        byte[] signature = CmsScene.Sign(_scene.Issue());
        for (int offset = 0; offset < CmsScene.Content.Length; offset++)
        {
            byte[] content = [.. CmsScene.Content];
            content[offset] ^= 1;
            Assert.Equal(RefusalReason.CmsSignature, CmsVerifier.Verify(content, signature, _scene.Anchors, CmsScene.Now, "model")?.Reason);
        }
    }

    [Fact]
    [Trait("Attack", "flipped-byte")]
    public void Verify_AnyFlippedByteOfTheSignature_IsRefused()
    {
        byte[] signature = CmsScene.Sign(_scene.Issue());
        List<int> accepted = [];
        for (int offset = 0; offset < signature.Length; offset++)
        {
            byte[] altered = [.. signature];
            altered[offset] ^= 1;
            if (_scene.Verify(altered) is null)
            {
                accepted.Add(offset);
            }
        }

        Assert.Empty(accepted);
    }

    [Fact]
    [Trait("Attack", "malformed-asn1")]
    public void Verify_TruncatedAnywhere_IsMalformed()
    {
        byte[] signature = CmsScene.Sign(_scene.Issue());
        Assert.All(Enumerable.Range(0, signature.Length), length => Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(signature[..length])));
    }

    [Fact]
    [Trait("Attack", "malformed-asn1")]
    public void Verify_TrailingByte_IsMalformed() =>
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify([.. CmsScene.Sign(_scene.Issue()), 0]));

    [Fact]
    [Trait("Attack", "malformed-asn1")]
    public void Verify_RandomBytes_AreMalformed()
    {
        Random random = new(7);
        byte[] bytes = new byte[500];
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = 0x30;
            Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(bytes));
        }
    }

    [Fact]
    public void Verify_MoreThanTheBound_IsMalformed() =>
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(new byte[TrustBounds.SignatureFileBytes + 1]));

    [Fact]
    [Trait("Attack", "malformed-asn1")]
    public void Verify_IndefiniteLength_IsMalformed()
    {
        // The outer sequence as BER may have it: length 0x80, two zero bytes at the end.
        byte[] signature = CmsScene.Sign(_scene.Issue());
        int header = 2 + (signature[1] & 0x7F);
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify([0x30, 0x80, .. signature[header..], 0, 0]));
    }

    [Fact]
    public void Verify_AttachedContent_IsMalformed() =>
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(CmsScene.SignAttached(_scene.Issue())));

    [Fact]
    [Trait("Attack", "unsigned")]
    public void Verify_WithoutSignedAttributes_IsMalformed() =>
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(CmsScene.SignWithoutAttributes(_scene.Issue())));

    [Fact]
    public void Verify_OneSignedAttributeMore_IsMalformed() => Assert.Equal(
        RefusalReason.CmsMalformed, _scene.Verify(CmsScene.SignWith(new Pkcs9DocumentName("other"), _scene.Issue())));

    [Fact]
    public void Verify_UnsignedAttributeThatIsNoTimeStamp_IsMalformed()
    {
        SignedCms cms = CmsScene.Compute(true, true, [], _scene.Issue());
        cms.SignerInfos[0].AddUnsignedAttribute(new Pkcs9DocumentName("other"));
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(cms.Encode()));
    }

    [Fact]
    public void Verify_OtherCertificateOfTheSameKey_IsMalformed()
    {
        using ECDsa key = CmsScene.NewKey();
        X509Certificate2 signer = _scene.Issue(key: key);
        X509Certificate2 other = _scene.Issue(key: key);
        CmsSigner cmsSigner = new(other) { DigestAlgorithm = new Oid(CmsProfile.Sha256), IncludeOption = X509IncludeOption.EndCertOnly };
        cmsSigner.SignedAttributes.Add(new Pkcs9SigningTime(CmsScene.Now.UtcDateTime));
        cmsSigner.SignedAttributes.Add(new AsnEncodedData(
            new Oid(CmsProfile.SigningCertificateAttribute), SigningCertificateV2.Encode(signer)));
        SignedCms cms = new(new ContentInfo(CmsScene.Content), detached: true);
        cms.ComputeSignature(cmsSigner, silent: true);
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(cms.Encode()));
    }

    [Fact]
    [Trait("Attack", "unsigned")]
    public void Verify_NobodySigns_IsMalformed()
    {
        SignedCms cms = CmsScene.Compute(true, true, [], _scene.Issue());
        cms.RemoveSignature(0);
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(cms.Encode()));
    }

    [Fact]
    [Trait("Attack", "certificate-bag")]
    public void Verify_CertificateTwiceInTheBag_IsMalformed()
    {
        byte[] signature = CmsScene.Sign(_scene.Issue());

        Assert.Null(_scene.Verify(CmsScene.WithBag(signature, own => [own])));
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(CmsScene.WithBag(signature, own => [own, own])));
    }

    [Fact]
    [Trait("Attack", "certificate-bag")]
    public void Verify_CertificateOfAStrangerInTheBag_IsMalformed()
    {
        byte[] stranger = new CmsScene().Issue("Stranger").RawData;
        byte[] sibling = _scene.Issue("Sibling").RawData;
        byte[] signature = CmsScene.Sign(_scene.Issue());

        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(CmsScene.WithBag(signature, own => [own, stranger])));
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(CmsScene.WithBag(signature, own => [own, sibling])));
    }

    [Fact]
    [Trait("Attack", "certificate-bag")]
    public void Verify_BagWithSomethingElseThanCertificates_IsMalformed()
    {
        byte[] signature = CmsScene.Sign(_scene.Issue());

        // An attribute certificate of version 1, which SignedCms does not show.
        Assert.Equal(RefusalReason.CmsMalformed, _scene.Verify(CmsScene.WithBag(signature, own => [own, [0xA1, 0x02, 0x05, 0x00]])));
    }
}
