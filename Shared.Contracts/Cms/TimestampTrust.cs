using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Shared.Contracts.Cms;

/// <summary>Checks that a time-stamp token (RFC 3161) is over this signature and from a pinned authority.</summary>
internal static class TimestampTrust
{
    /// <summary>Null when there is no token, or a valid one.</summary>
    /// <param name="time">Set to the time of a valid token: the signature existed then.</param>
    public static string? FindError(SignerInfo signer, X509Certificate2Collection anchors, ref DateTimeOffset time)
    {
        AsnEncodedData[] tokens =
        [
            .. signer.UnsignedAttributes.Cast<CryptographicAttributeObject>()
                .SelectMany(attribute => attribute.Values.Cast<AsnEncodedData>()),
        ];
        if (tokens.Length == 0)
        {
            return null;
        }

        // Unsigned attributes are not signed: of two tokens a mirror could drop either.
        if (tokens.Length > 1)
        {
            return "more than one time stamp";
        }

        if (!Rfc3161TimestampToken.TryDecode(tokens[0].RawData, out Rfc3161TimestampToken? token, out int read)
            || read != tokens[0].RawData.Length)
        {
            return "the time stamp cannot be read";
        }

        if (token.TokenInfo.HashAlgorithmId.Value != CmsProfile.Sha256)
        {
            return "the time stamp is not over SHA-256";
        }

        // Checks the digest, the authority's signature, its usage and its certificate's digest.
        if (!token.VerifySignatureForSignerInfo(signer, out X509Certificate2? authority))
        {
            return "the time stamp is not over this signature";
        }

        X509Certificate2Collection bag = token.AsSignedCms().Certificates;
        if (CertificateChain.FindError(authority, bag, anchors, token.TokenInfo.Timestamp, needed: null, CmsProfile.TimestampingUsage) is { } error)
        {
            return $"the time-stamp authority: {error}";
        }

        time = token.TokenInfo.Timestamp;
        return null;
    }
}
