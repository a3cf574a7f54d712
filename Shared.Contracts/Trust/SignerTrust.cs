using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shared.Contracts.Trust;

/// <summary>Whether a certificate may sign models: by its usages, and by a chain to a pinned root without network or system stores.</summary>
internal static class SignerTrust
{
    public static string? Complaint(
        X509Certificate2 signer, X509Certificate2Collection bag, X509Certificate2Collection anchors, DateTimeOffset at)
    {
        // A certificate without the extension passes ApplicationPolicy, so look for it first.
        X509EnhancedKeyUsageExtension? usages = signer.Extensions.OfType<X509EnhancedKeyUsageExtension>().SingleOrDefault();
        string?[] listed = [.. (usages?.EnhancedKeyUsages ?? []).Cast<Oid>().Select(usage => usage.Value)];
        if (!listed.Contains(CmsForm.CodeSigningUsage) || !listed.Contains(CmsForm.ModelSigningUsage))
        {
            return "the certificate is not for signing models";
        }

        X509KeyUsageExtension? keyUsage = signer.Extensions.OfType<X509KeyUsageExtension>().SingleOrDefault();
        if (keyUsage is null || !keyUsage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        {
            return "the certificate's key is not for signatures";
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(anchors);
        chain.ChainPolicy.ExtraStore.AddRange(bag);
        // Revocation is the policy target's, which travels with the metadata and is as fresh as that.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CmsForm.CodeSigningUsage));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CmsForm.ModelSigningUsage));
        try
        {
            bool trusted = chain.Build(signer)
                && anchors.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawDataMemory.Span));
            return trusted ? null : string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).DefaultIfEmpty("no pinned root"));
        }
        finally
        {
            foreach (X509ChainElement element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }
}
