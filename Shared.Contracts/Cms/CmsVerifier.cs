using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Keys;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Cms;

/// <summary>
/// Verifies the detached CMS signature of an artifact. <c>SignedCms.CheckSignature</c> alone accepts too much: an unknown second
/// signer, a signer that signs twice, trailing bytes, a certificate without any extended usage.
/// </summary>
public static class CmsVerifier
{
    /// <summary>Null when the signature follows <see cref="CmsProfile"/> and all signers chain to an anchor.</summary>
    /// <param name="content">The exact bytes of the file, from the buffer that will be parsed.</param>
    /// <param name="signature">DER, whole.</param>
    /// <param name="anchors">The pinned roots; the roots of the operating system do not count.</param>
    /// <param name="at">The time at which certificates must be valid. For an artifact that is active already, the time at which it was
    /// accepted.</param>
    /// <param name="subject">The subject of a refusal.</param>
    /// <param name="minimumSigners">Distinct public keys that must have signed.</param>
    /// <param name="timestampAnchors">The pinned roots of time-stamp authorities. With any, a token must verify, and its time replaces
    /// <paramref name="at"/>; without, tokens are ignored.</param>
    public static Refusal? Verify(
        ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> signature, X509Certificate2Collection anchors, DateTimeOffset at,
        string subject, int minimumSigners = 1, X509Certificate2Collection? timestampAnchors = null)
    {
        if (signature.Length > TrustBounds.SignatureFileBytes)
        {
            return Malformed(subject, $"more than {TrustBounds.SignatureFileBytes} bytes");
        }

        try
        {
            return VerifyForm(content, signature, subject, out SignedCms cms)
                ?? VerifySigners(cms, anchors, timestampAnchors ?? [], at, subject, minimumSigners);
        }
        // Fail closed: the parsers below read untrusted bytes, and have thrown more types than they document.
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            return Malformed(subject, unreadable.Message);
        }
    }

    private static Refusal? VerifyForm(ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> signature, string subject, out SignedCms cms)
    {
        cms = new(new ContentInfo(new Oid(CmsProfile.Data), content.ToArray()), detached: true);
        if (!DerEncoding.IsExact(signature.Span))
        {
            return Malformed(subject, "not one DER value of exact length");
        }

        if (CmsStructure.FindError(signature) is { } structure)
        {
            return Malformed(subject, structure);
        }

        cms.Decode(signature.Span);
        if (cms.SignerInfos.Count == 0)
        {
            return Malformed(subject, "no signer");
        }

        foreach (SignerInfo signer in cms.SignerInfos)
        {
            if (FindFormError(signer) is { } error)
            {
                return Malformed(subject, error);
            }
        }

        return null;
    }

    private static string? FindFormError(SignerInfo signer)
    {
        IEnumerable<CryptographicAttributeObject> signed = signer.SignedAttributes.Cast<CryptographicAttributeObject>();
        if (!signed.Select(attribute => attribute.Oid.Value).Order(StringComparer.Ordinal)
                .SequenceEqual(CmsProfile.SignedAttributes.Order(StringComparer.Ordinal))
            || signed.Any(attribute => attribute.Values.Count != 1))
        {
            return "the signed attributes are not content type, digest, signing time and signing certificate, once each";
        }

        if (signer.DigestAlgorithm.Value != CmsProfile.Sha256)
        {
            return "the digest is not SHA-256";
        }

        if (signer.UnsignedAttributes.Cast<CryptographicAttributeObject>()
            .Any(attribute => attribute.Oid.Value != CmsProfile.TimestampTokenAttribute))
        {
            return "an unsigned attribute is not a time stamp";
        }

        byte[] named = signed.Single(attribute => attribute.Oid.Value == CmsProfile.SigningCertificateAttribute).Values[0].RawData;
        return signer.Certificate is not { } certificate ? "a signer's certificate is missing"
            : !named.AsSpan().SequenceEqual(SigningCertificateV2.Encode(certificate)) ? "the signed attributes name another certificate"
            : null;
    }

    private static Refusal? VerifySigners(
        SignedCms cms, X509Certificate2Collection anchors, X509Certificate2Collection timestampAnchors, DateTimeOffset at, string subject,
        int minimumSigners)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        HashSet<string> needed = new(StringComparer.Ordinal);
        foreach (SignerInfo signer in cms.SignerInfos)
        {
            try
            {
                signer.CheckSignature(verifySignatureOnly: true);
            }
            catch (CryptographicException wrong)
            {
                return new(RefusalReason.CmsSignature, subject, wrong.Message);
            }

            X509Certificate2 certificate = signer.Certificate!;
            if (CanonicalPublicKey.Read(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out string unusable) is not { } key)
            {
                return new(RefusalReason.CmsUntrustedSigner, subject, unusable);
            }

            if (!keys.Add(key.Identity))
            {
                return new(RefusalReason.CmsSignature, subject, "one key signs twice");
            }

            DateTimeOffset signedBy = at;
            if (timestampAnchors.Count > 0 && TimestampTrust.FindError(signer, timestampAnchors, ref signedBy) is { } stamp)
            {
                return new(RefusalReason.CmsTimestamp, subject, stamp);
            }

            if (SignerTrust.FindError(certificate, cms.Certificates, anchors, signedBy, needed) is { } error)
            {
                return new(RefusalReason.CmsUntrustedSigner, subject, error);
            }
        }

        if (cms.Certificates.Any(certificate => !needed.Contains(CertificateChain.DigestOf(certificate))))
        {
            return Malformed(subject, "it carries a certificate that leads from no signer to its root");
        }

        return keys.Count >= minimumSigners
            ? null
            : new(RefusalReason.CmsSignature, subject, $"{keys.Count} of {minimumSigners} necessary signers");
    }

    private static Refusal Malformed(string subject, string detail) => new(RefusalReason.CmsMalformed, subject, detail);
}
