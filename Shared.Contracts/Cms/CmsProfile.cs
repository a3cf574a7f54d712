namespace Shared.Contracts.Cms;

/// <summary>The one form that an artifact's signature has. Signing and verifying both read it here.</summary>
public static class CmsProfile
{
    /// <summary>
    /// The extended key usage of a certificate that may sign models. Under 2.25 anyone may use the number of a UUID
    /// (ITU-T X.667); this one was drawn at random for this purpose.
    /// </summary>
    public const string ModelSigningUsage = "2.25.125259503287477108692443932359929219544";

    public const string CodeSigningUsage = "1.3.6.1.5.5.7.3.3";

    /// <summary>With it, stock <c>openssl cms -verify</c> needs no flag for the purpose.</summary>
    public const string EmailProtectionUsage = "1.3.6.1.5.5.7.3.4";

    public const string Sha256 = "2.16.840.1.101.3.4.2.1";

    internal const string Data = "1.2.840.113549.1.7.1";
    internal const string SignedData = "1.2.840.113549.1.7.2";

    internal const string ContentTypeAttribute = "1.2.840.113549.1.9.3";
    internal const string MessageDigestAttribute = "1.2.840.113549.1.9.4";
    internal const string SigningTimeAttribute = "1.2.840.113549.1.9.5";

    /// <summary>signing-certificate-v2 (RFC 5035): names the certificate, so that no other with the same key takes its place.</summary>
    public const string SigningCertificateAttribute = "1.2.840.113549.1.9.16.2.47";

    /// <summary>An RFC 3161 token, the only unsigned attribute that may ride along.</summary>
    public const string TimestampTokenAttribute = "1.2.840.113549.1.9.16.2.14";

    internal const string TimestampingUsage = "1.3.6.1.5.5.7.3.8";

    internal static readonly string[] SignedAttributes =
        [ContentTypeAttribute, MessageDigestAttribute, SigningTimeAttribute, SigningCertificateAttribute];
}
