using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Keys;

namespace Shared.Contracts.Cms;

/// <summary>Checks the chain of a certificate to a pinned root, without network or system stores.</summary>
internal static class CertificateChain
{
    /// <summary>Null when the certificate was valid at the time under an anchor, for all of the usages, and no key or hash of the chain is
    /// weak.</summary>
    /// <param name="needed">Receives the digests of the certificates of the chain.</param>
    public static string? FindError(
        X509Certificate2 leaf, X509Certificate2Collection bag, X509Certificate2Collection anchors, DateTimeOffset at,
        HashSet<string>? needed, params string[] usages)
    {
        if (leaf.Extensions.OfType<X509BasicConstraintsExtension>().SingleOrDefault() is { CertificateAuthority: true })
        {
            return "the certificate is that of an authority, which signs certificates and nothing else";
        }

        using X509Chain chain = new() { ChainPolicy = PinnedChainPolicy.Create(anchors, at) };
        chain.ChainPolicy.ExtraStore.AddRange(bag);
        foreach (string usage in usages)
        {
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        }

        try
        {
            bool trusted = chain.Build(leaf)
                && anchors.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawDataMemory.Span));
            IEnumerable<string> problems = chain.ChainStatus.Select(status => status.StatusInformation.Trim());
            if (!trusted)
            {
                return string.Join("; ", problems.DefaultIfEmpty("no pinned root"));
            }

            needed?.UnionWith(chain.ChainElements.Select(element => DigestOf(element.Certificate)));
            return FindWeakness(chain);
        }
        finally
        {
            foreach (X509ChainElement element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    /// <summary>What a certificate is told apart by: the class of .NET compares no more than issuer and serial number.</summary>
    public static string DigestOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span));

    private static string? FindWeakness(X509Chain chain)
    {
        X509Certificate2[] certificates = [.. chain.ChainElements.Select(element => element.Certificate)];
        foreach (X509Certificate2 certificate in certificates)
        {
            if (CanonicalPublicKey.Read(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out string error) is null)
            {
                return error;
            }
        }

        // Nothing depends on the root's signature of itself.
        return certificates[..^1].All(CertificateSignature.IsSound)
            ? null
            : "a certificate is not signed over SHA-2 or SHA-3 by RSA or ECDSA";
    }
}
