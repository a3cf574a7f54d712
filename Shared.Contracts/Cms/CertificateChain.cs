using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shared.Contracts.Cms;

/// <summary>Checks the chain of a certificate to a pinned root, without network or system stores.</summary>
internal static class CertificateChain
{
    /// <summary>Null when the certificate was valid at the time under an anchor, for all of the usages.</summary>
    public static string? FindError(
        X509Certificate2 leaf, X509Certificate2Collection bag, X509Certificate2Collection anchors, DateTimeOffset at,
        params string[] usages)
    {
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
            return trusted ? null : string.Join("; ", problems.DefaultIfEmpty("no pinned root"));
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
