using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Shared.Contracts;
using Shared.Contracts.Cms;

namespace Relay.Server.Signing;

/// <summary>Signs artifacts in the one form that nodes accept (<see cref="CmsProfile"/>), which stock OpenSSL verifies too.</summary>
public sealed class ArtifactSigner
{
    private readonly ModelSigningKey _key;
    private readonly TimeProvider _timeProvider;

    /// <summary>Signs with the key in the relay's own folder.</summary>
    public ArtifactSigner(SigningKeys keys, TimeProvider timeProvider)
        : this(ModelSigningKey.FromKeyFolder(keys), timeProvider)
    {
    }

    internal ArtifactSigner(ModelSigningKey key, TimeProvider timeProvider) => (_key, _timeProvider) = (key, timeProvider);

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
        signer.SignedAttributes.Add(new Pkcs9SigningTime(_timeProvider.GetUtcNow().UtcDateTime));
        signer.SignedAttributes.Add(new AsnEncodedData(
            new Oid(CmsProfile.SigningCertificateAttribute), SigningCertificateV2.Encode(_key.Certificate)));

        SignedCms cms = new(new ContentInfo(content.ToArray()), detached: true);
        cms.ComputeSignature(signer, silent: true);
        return cms.Encode();
    }

    /// <summary>Signs a probe: null when nodes accept its signature under these anchors, else why they refuse it.</summary>
    internal Refusal? FindRefusal(X509Certificate2Collection anchors)
    {
        byte[] probe = "a signature to try the signer out"u8.ToArray();
        return CmsVerifier.Verify(probe, Sign(probe), anchors, _timeProvider.GetUtcNow(), "signer");
    }
}
