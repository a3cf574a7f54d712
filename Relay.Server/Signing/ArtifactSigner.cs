using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Cms;

namespace Relay.Server.Signing;

/// <summary>Signs artifacts in the one form that nodes accept (<see cref="CmsProfile"/>), which stock OpenSSL verifies too.</summary>
public sealed class ArtifactSigner
{
    private readonly ModelSigningKey _key;
    private readonly TimeProvider _clock;

    /// <summary>Signs with the key in the relay's own folder.</summary>
    public ArtifactSigner(SigningKeys keys, TimeProvider clock)
        : this(ModelSigningKey.OfFile(keys), clock)
    {
    }

    internal ArtifactSigner(ModelSigningKey key, TimeProvider clock) => (_key, _clock) = (key, clock);

    /// <summary>Until when nodes accept what is signed with the certificate.</summary>
    public DateTimeOffset ValidUntil => _key.Certificate.NotAfter;

    /// <summary>A detached CMS signature over the exact bytes, in DER.</summary>
    /// <exception cref="SigningException">The key cannot be reached.</exception>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        CmsSigner signer = new(SubjectIdentifierType.IssuerAndSerialNumber, _key.Certificate, _key.Key)
        {
            DigestAlgorithm = new Oid(CmsProfile.Sha256),
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        signer.Certificates.AddRange(_key.Intermediates);
        signer.SignedAttributes.Add(new Pkcs9SigningTime(_clock.GetUtcNow().UtcDateTime));
        signer.SignedAttributes.Add(new AsnEncodedData(
            new Oid(CmsProfile.SigningCertificateAttribute), SigningCertificateV2.Encode(_key.Certificate)));

        SignedCms cms = new(new ContentInfo(content.ToArray()), detached: true);
        cms.ComputeSignature(signer, silent: true);
        return cms.Encode();
    }

    /// <summary>Null when a signature made now is one that nodes accept under these anchors; else what they would say.</summary>
    internal Refusal? TryOut(X509Certificate2Collection anchors)
    {
        byte[] probe = "a signature to try the signer out"u8.ToArray();
        return CmsVerifier.Verify(probe, Sign(probe), anchors, _clock.GetUtcNow(), "signer");
    }
}
