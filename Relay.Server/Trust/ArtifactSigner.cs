using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Trust;

namespace Relay.Server.Trust;

/// <summary>Signs artifacts in the one form that nodes accept (<see cref="CmsForm"/>), which stock OpenSSL verifies too.</summary>
public sealed class ArtifactSigner(SigningKeys keys, TimeProvider clock)
{
    /// <summary>A detached CMS signature over the exact bytes, in DER.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        CmsSigner signer = new(SubjectIdentifierType.IssuerAndSerialNumber, keys.CmsSigner)
        {
            DigestAlgorithm = new Oid(CmsForm.Sha256),
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        signer.SignedAttributes.Add(new Pkcs9SigningTime(clock.GetUtcNow().UtcDateTime));
        signer.SignedAttributes.Add(new AsnEncodedData(
            new Oid(CmsForm.SigningCertificateAttribute), SigningCertificateV2.Encode(keys.CmsSigner)));

        SignedCms cms = new(new ContentInfo(content.ToArray()), detached: true);
        cms.ComputeSignature(signer, silent: true);
        return cms.Encode();
    }
}
