using System.Security.Cryptography.X509Certificates;

namespace Shared.Contracts.Cms;

/// <summary>The one policy for chains that must end at a pinned root, of model signatures and of TLS: the system's roots do not count, and
/// nothing is downloaded.</summary>
internal static class PinnedChainPolicy
{
    /// <param name="at">When the certificates must be valid; null is the time of the check.</param>
    public static X509ChainPolicy Create(X509Certificate2Collection anchors, DateTimeOffset? at = null)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A private root has no revocation service. Signers are revoked by the signed policy, a relay's TLS certificate by another pin.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(anchors);
        if (at is { } time)
        {
            policy.VerificationTime = time.UtcDateTime;
            policy.VerificationTimeIgnored = false;
        }

        return policy;
    }
}
