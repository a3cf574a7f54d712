using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Cms;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Cms;

/// <summary>Signatures of artifacts that must not pass.</summary>
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
    [Trait("Attack", "wrong-root")]
    public void Verify_SignerOfAnUnpinnedRoot_IsUntrusted() =>
        Assert.Equal(RefusalReason.CmsUntrustedSigner, _scene.Verify(CmsScene.Sign(new CmsScene().Issue())));

    [Fact]
    [Trait("Attack", "wrong-root")]
    public void Verify_NoAnchors_TrustsNobody() => Assert.Equal(
        RefusalReason.CmsUntrustedSigner,
        CmsVerifier.Verify(CmsScene.Content, CmsScene.Sign(_scene.Issue()), [], CmsScene.Now, "model")?.Reason);

    [Fact]
    [Trait("Attack", "os-root")]
    public void Verify_RootOfTheOperatingSystem_DoesNotCount()
    {
        using X509Store system = new(StoreName.Root, StoreLocation.LocalMachine);
        system.Open(OpenFlags.ReadOnly);
        X509Certificate2Collection others = [.. system.Certificates];
        Assert.Equal(
            RefusalReason.CmsUntrustedSigner,
            CmsVerifier.Verify(CmsScene.Content, CmsScene.Sign(_scene.Issue()), others, CmsScene.Now, "model")?.Reason);
    }

    [Fact]
    public void Verify_UntrustedSecondSigner_IsRefused() => Assert.Equal(
        RefusalReason.CmsUntrustedSigner, _scene.Verify(CmsScene.Sign(_scene.Issue(), new CmsScene().Issue("Stranger"))));

    [Fact]
    [Trait("Attack", "duplicate-signature")]
    public void Verify_OneKeySignsTwice_IsRefused()
    {
        X509Certificate2 signer = _scene.Issue();
        Assert.Equal(RefusalReason.CmsSignature, _scene.Verify(CmsScene.Sign(signer, signer), minimumSigners: 2));
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public void Verify_OneKeyInTwoCertificates_IsRefused()
    {
        using ECDsa key = CmsScene.NewKey();
        byte[] signature = CmsScene.Sign(_scene.Issue("First", key: key), _scene.Issue("Second", key: key));
        Assert.Equal(RefusalReason.CmsSignature, _scene.Verify(signature, minimumSigners: 2));
    }

    [Fact]
    public void Verify_TwoSignersWanted_CountsDistinctKeys()
    {
        Assert.Equal(RefusalReason.CmsSignature, _scene.Verify(CmsScene.Sign(_scene.Issue()), minimumSigners: 2));
        Assert.Null(_scene.Verify(CmsScene.Sign(_scene.Issue("Trainer"), _scene.Issue("Approver")), minimumSigners: 2));
    }

    [Fact]
    public void Verify_CertificateWithoutExtendedUsage_IsUntrusted() =>
        Assert.Equal(RefusalReason.CmsUntrustedSigner, _scene.Verify(CmsScene.Sign(_scene.Issue(noUsages: true))));

    [Theory]
    [InlineData(CmsProfile.CodeSigningUsage)]
    [InlineData(CmsProfile.ModelSigningUsage)]
    [InlineData(CmsProfile.EmailProtectionUsage)]
    [InlineData("2.5.29.37.0")]
    public void Verify_CertificateForSomethingElse_IsUntrusted(string usage) =>
        Assert.Equal(RefusalReason.CmsUntrustedSigner, _scene.Verify(CmsScene.Sign(_scene.Issue(usages: [usage]))));

    [Theory]
    [InlineData(-31)]
    [InlineData(301)]
    public void Verify_CertificateOutsideItsDates_IsUntrusted(int days) => Assert.Equal(
        RefusalReason.CmsUntrustedSigner, _scene.Verify(CmsScene.Sign(_scene.Issue()), CmsScene.Now.AddDays(days)));

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

    [Fact]
    [Trait("Attack", "weak-key")]
    public void Verify_RsaKeyUnder2048Bits_IsUntrustedEvenUnderThePinnedRoot()
    {
        Assert.Equal(RefusalReason.CmsUntrustedSigner, _scene.Verify(CmsScene.Sign(_scene.IssueRsa(1024))));
        Assert.Null(_scene.Verify(CmsScene.Sign(_scene.IssueRsa(2048))));
    }

    [Theory]
    [InlineData("1.3.132.0.33", RefusalReason.CmsUntrustedSigner)]
    [InlineData("1.3.132.0.34", null)]
    [InlineData("1.3.132.0.35", null)]
    [Trait("Attack", "weak-key")]
    public void Verify_CurveUnder256Bits_IsUntrustedEvenUnderThePinnedRoot(string curve, RefusalReason? expected)
    {
        using ECDsa key = ECDsa.Create(ECCurve.CreateFromValue(curve));
        Assert.Equal(expected, _scene.Verify(CmsScene.Sign(_scene.Issue(key: key))));
    }

    [Fact]
    [Trait("Attack", "weak-key")]
    public void Verify_LeafThatIsAnAuthority_IsUntrustedEvenUnderThePinnedRoot()
    {
        Assert.Equal(RefusalReason.CmsUntrustedSigner, _scene.Verify(CmsScene.Sign(_scene.Issue(isAuthority: true))));
        Assert.Equal(
            RefusalReason.CmsUntrustedSigner,
            _scene.Verify(CmsScene.Sign(_scene.Issue(keyUsage: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign))));
    }
}
