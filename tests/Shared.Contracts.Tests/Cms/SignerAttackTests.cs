using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Cms;

namespace Shared.Contracts.Tests.Cms;

/// <summary>Signatures in the right form by those who may not sign, or with keys and hashes that are too weak.</summary>
public sealed class SignerAttackTests
{
    private readonly CmsScene _scene = new();

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

    // ECDSA over SHA-1, SHA-256 and SHA-512.
    [Theory]
    [InlineData("300906072A8648CE3D0401", "SHA1", false)]
    [InlineData("300A06082A8648CE3D040302", "SHA256", true)]
    [InlineData("300A06082A8648CE3D040304", "SHA512", true)]
    [Trait("Attack", "weak-key")]
    public void Verify_CertificateSignedByEcdsa_IsTrustedOnlyOverASoundHash(string algorithm, string hash, bool isTrusted)
    {
        using ECDsa key = CmsScene.NewKey();
        CmsScene scene = new(key);
        FixedAlgorithmGenerator generator = new(
            algorithm, data => key.SignData(data, new HashAlgorithmName(hash), DSASignatureFormat.Rfc3279DerSequence));

        Assert.Equal(isTrusted ? null : RefusalReason.CmsUntrustedSigner, scene.Verify(CmsScene.Sign(scene.Issue(generator: generator))));
    }

    // RSA over SHA-1 under its two identifiers, RSA-PSS without a hash, which means SHA-1, and both over SHA-256.
    [Theory]
    [InlineData("300D06092A864886F70D0101050500", "SHA1", false, false)]
    [InlineData("300906052B0E03021D0500", "SHA1", false, false)]
    [InlineData("300D06092A864886F70D01010A3000", "SHA1", true, false)]
    [InlineData("300D06092A864886F70D01010B0500", "SHA256", false, true)]
    [InlineData(
        "304106092A864886F70D01010A3034A00F300D06096086480165030402010500A11C301A06092A864886F70D010108300D06096086480165030402010500A203020120",
        "SHA256", true, true)]
    [Trait("Attack", "weak-key")]
    public void Verify_CertificateSignedByRsa_IsTrustedOnlyOverASoundHash(string algorithm, string hash, bool isPss, bool isTrusted)
    {
        using RSA key = RSA.Create(2048);
        CmsScene scene = new(key);
        FixedAlgorithmGenerator generator = new(
            algorithm, data => key.SignData(data, new HashAlgorithmName(hash), isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));

        Assert.Equal(isTrusted ? null : RefusalReason.CmsUntrustedSigner, scene.Verify(CmsScene.Sign(scene.Issue(generator: generator))));
    }

    // RSA-PSS without parameters, and with a hash that is no identifier.
    [Theory]
    [InlineData("300B06092A864886F70D01010A")]
    [InlineData("301306092A864886F70D01010A3006A00430020500")]
    [Trait("Attack", "weak-key")]
    public void IsSound_AlgorithmThatCannotBeRead_IsFalse(string algorithm)
    {
        using RSA key = RSA.Create(2048);
        FixedAlgorithmGenerator generator = new(algorithm, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));

        Assert.False(CertificateSignature.IsSound(new CmsScene(key).Issue(generator: generator)));
    }

    /// <summary>Signs as told, and names the algorithm as told.</summary>
    private sealed class FixedAlgorithmGenerator(string algorithm, Func<byte[], byte[]> sign) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString(algorithm);

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => sign(data);

        protected override PublicKey BuildPublicKey() => throw new NotSupportedException();
    }
}
