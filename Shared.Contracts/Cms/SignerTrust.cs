using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shared.Contracts.Cms;

/// <summary>Checks that a certificate may sign models: its usages, and its chain to a pinned root.</summary>
internal static class SignerTrust
{
    /// <param name="needed">Receives the digests of the certificates of the chain.</param>
    public static string? FindError(
        X509Certificate2 signer, X509Certificate2Collection bag, X509Certificate2Collection anchors, DateTimeOffset at,
        HashSet<string> needed)
    {
        // ApplicationPolicy accepts a certificate without the extension, so the extension is checked first.
        X509EnhancedKeyUsageExtension? usages = signer.Extensions.OfType<X509EnhancedKeyUsageExtension>().SingleOrDefault();
        string?[] listed = [.. (usages?.EnhancedKeyUsages ?? []).Cast<Oid>().Select(usage => usage.Value)];
        if (!listed.Contains(CmsProfile.CodeSigningUsage) || !listed.Contains(CmsProfile.ModelSigningUsage))
        {
            return "the certificate is not for signing models";
        }

        X509KeyUsageExtension? keyUsage = signer.Extensions.OfType<X509KeyUsageExtension>().SingleOrDefault();
        if (keyUsage is null || !keyUsage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)
            || keyUsage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
        {
            return "the certificate's key is not for signatures";
        }

        return CertificateChain.FindError(signer, bag, anchors, at, needed, CmsProfile.CodeSigningUsage, CmsProfile.ModelSigningUsage);
    }
}
