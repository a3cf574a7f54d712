using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Cms;

namespace Shared.Contracts.Tests.Cms;

/// <summary>A certificate authority of the tests' own, and signers under it with one thing wrong at a time.</summary>
internal sealed class CmsScene
{
    public static readonly byte[] Content = "the exact bytes of a model"u8.ToArray();
    public static readonly DateTimeOffset Now = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] AllUsages = [CmsProfile.CodeSigningUsage, CmsProfile.EmailProtectionUsage, CmsProfile.ModelSigningUsage];
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private readonly X509SignatureGenerator _rootSigner;
    private readonly X509Certificate2 _root;

    /// <param name="rootKey">RSA or ECDSA; null for a new ECDSA key.</param>
    public CmsScene(AsymmetricAlgorithm? rootKey = null)
    {
        rootKey ??= NewKey();
        CertificateRequest request = rootKey is RSA rsa
            ? new("CN=Test root", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : Request("Test root", (ECDsa)rootKey);
        _rootSigner = rootKey is RSA own
            ? X509SignatureGenerator.CreateForRSA(own, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa((ECDsa)rootKey);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
        Anchors = [X509CertificateLoader.LoadCertificate(_root.RawData)];
    }

    public X509Certificate2Collection Anchors { get; }

    /// <param name="usages">Null for a certificate without the extension.</param>
    /// <param name="generator">Signs in place of the root.</param>
    public X509Certificate2 Issue(string name = "Signer", string[]? usages = null, bool noUsages = false, ECDsa? key = null,
        bool isAuthority = false, X509KeyUsageFlags keyUsage = X509KeyUsageFlags.DigitalSignature,
        X509SignatureGenerator? generator = null)
    {
        key ??= NewKey();
        CertificateRequest request = Request(name, key);
        using X509Certificate2 certificate = Issue(request, usages, noUsages, isAuthority, keyUsage, generator ?? _rootSigner);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>A signer with an RSA key.</summary>
    public X509Certificate2 IssueRsa(int bits)
    {
        RSA key = RSA.Create(bits);
        CertificateRequest request = new("CN=Signer", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = Issue(
            request, null, noUsages: false, isAuthority: false, X509KeyUsageFlags.DigitalSignature, _rootSigner);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>The signature with other certificates in its bag, which no signature covers.</summary>
    public static byte[] WithBag(byte[] signature, Func<byte[], IEnumerable<byte[]>> change)
    {
        AsnReader outer = new AsnReader(signature, AsnEncodingRules.DER).ReadSequence();
        string type = outer.ReadObjectIdentifier();
        AsnReader signed = outer.ReadSequence(Context0).ReadSequence();
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(Context0))
            using (writer.PushSequence())
            {
                // Version, digest algorithms, content.
                for (int i = 0; i < 3; i++)
                {
                    writer.WriteEncodedValue(signed.ReadEncodedValue().Span);
                }

                byte[] certificate = signed.ReadSetOf(Context0).ReadEncodedValue().ToArray();
                using (writer.PushSetOf(Context0))
                {
                    change(certificate).ToList().ForEach(held => writer.WriteEncodedValue(held));
                }

                writer.WriteEncodedValue(signed.ReadEncodedValue().Span);
            }
        }

        return writer.Encode();
    }

    private X509Certificate2 Issue(
        CertificateRequest request, string[]? usages, bool noUsages, bool isAuthority, X509KeyUsageFlags keyUsage, X509SignatureGenerator generator)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(keyUsage, true));
        if (!noUsages)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
                [.. (usages ?? AllUsages).Select(usage => new Oid(usage))], false));
        }

        return request.Create(
            _root.SubjectName, generator, Now.AddDays(-30), Now.AddDays(300), RandomNumberGenerator.GetBytes(8));
    }

    public static byte[] Sign(params X509Certificate2[] signers) => Compute(true, true, [], signers).Encode();

    public static byte[] SignAttached(X509Certificate2 signer) => Compute(false, true, [], signer).Encode();

    public static byte[] SignWithoutAttributes(X509Certificate2 signer) => Compute(true, false, [], signer).Encode();

    public static byte[] SignWith(AsnEncodedData attribute, X509Certificate2 signer) => Compute(true, true, [attribute], signer).Encode();

    public static SignedCms Compute(bool detached, bool attributes, AsnEncodedData[] more, params X509Certificate2[] signers)
    {
        SignedCms cms = new(new ContentInfo(Content), detached);
        foreach (X509Certificate2 certificate in signers)
        {
            CmsSigner signer = new(certificate) { DigestAlgorithm = new Oid(CmsProfile.Sha256), IncludeOption = X509IncludeOption.EndCertOnly };
            if (attributes)
            {
                signer.SignedAttributes.Add(new Pkcs9SigningTime(Now.UtcDateTime));
                signer.SignedAttributes.Add(new AsnEncodedData(
                    new Oid(CmsProfile.SigningCertificateAttribute), SigningCertificateV2.Encode(certificate)));
            }

            foreach (AsnEncodedData attribute in more)
            {
                signer.SignedAttributes.Add(attribute);
            }

            cms.ComputeSignature(signer, silent: true);
        }

        return cms;
    }

    public RefusalReason? Verify(byte[] signature, DateTimeOffset? at = null, int minimumSigners = 1) =>
        CmsVerifier.Verify(Content, signature, Anchors, at ?? Now, "model", minimumSigners)?.Reason;

    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Request(string name, ECDsa key) => new($"CN={name}", key, HashAlgorithmName.SHA256);
}
