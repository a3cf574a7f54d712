namespace Shared.Contracts.Cms;

/// <summary>The profile of CMS for signatures of artifacts, shared by the signer and the verifier.</summary>
public static class CmsProfile
{
    /// <summary>
    /// The extended key usage of a certificate that may sign models. The arc 2.25 is free for the numbers of UUIDs (ITU-T X.667);
    /// this one was drawn at random for this purpose.
    /// </summary>
    public const string ModelSigningUsage = "2.25.125259503287477108692443932359929219544";

    public const string CodeSigningUsage = "1.3.6.1.5.5.7.3.3";

    /// <summary>With this usage, <c>openssl cms -verify</c> needs no <c>-purpose</c> flag.</summary>
    public const string EmailProtectionUsage = "1.3.6.1.5.5.7.3.4";

    public const string Sha256 = "2.16.840.1.101.3.4.2.1";

    internal const string Data = "1.2.840.113549.1.7.1";
    internal const string SignedData = "1.2.840.113549.1.7.2";

    internal const string ContentTypeAttribute = "1.2.840.113549.1.9.3";
    internal const string MessageDigestAttribute = "1.2.840.113549.1.9.4";
    internal const string SigningTimeAttribute = "1.2.840.113549.1.9.5";

    /// <summary>signing-certificate-v2 (RFC 5035): names the certificate, so that no other certificate of the same key can replace it.</summary>
    public const string SigningCertificateAttribute = "1.2.840.113549.1.9.16.2.47";

    /// <summary>An RFC 3161 token, the only unsigned attribute that is allowed.</summary>
    public const string TimestampTokenAttribute = "1.2.840.113549.1.9.16.2.14";

    internal const string TimestampingUsage = "1.3.6.1.5.5.7.3.8";

    internal static readonly string[] SignedAttributes =
        [ContentTypeAttribute, MessageDigestAttribute, SigningTimeAttribute, SigningCertificateAttribute];
}
