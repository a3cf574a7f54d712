using System.Security.Cryptography.X509Certificates;

namespace Relay.Server.Trust;

/// <summary>All private keys that the relay holds.</summary>
/// <param name="Root">Three where the embedded default made them; none where they are kept offline, as they should be.</param>
/// <param name="CmsRoot">The certificate, without key, that nodes pin as the anchor of model signatures.</param>
/// <param name="CmsSigner">The certificate and key that sign models; null where <c>signer.json</c> names others.</param>
public sealed class SigningKeys : IDisposable
{
    /// <summary>Root signatures that a root needs.</summary>
    public const int RootThreshold = 2;

    internal SigningKeys(
        IReadOnlyList<RoleSigner> root, RoleSigner targets, RoleSigner channels, RoleSigner snapshot, RoleSigner timestamp,
        X509Certificate2 cmsRoot, X509Certificate2? cmsSigner)
    {
        (Root, Targets, Channels, Snapshot, Timestamp) = (root, targets, channels, snapshot, timestamp);
        (CmsRoot, CmsSigner) = (cmsRoot, cmsSigner);
    }

    public X509Certificate2 CmsRoot { get; }

    /// <summary>True when enough root keys lie on the relay to sign a root; a production relay keeps them elsewhere.</summary>
    public bool HoldsRoot => Root.Count >= RootThreshold;

    internal X509Certificate2? CmsSigner { get; }

    internal IReadOnlyList<RoleSigner> Root { get; }

    internal RoleSigner Targets { get; }

    internal RoleSigner Channels { get; }

    internal RoleSigner Snapshot { get; }

    internal RoleSigner Timestamp { get; }

    public void Dispose()
    {
        foreach (RoleSigner signer in (RoleSigner[])[.. Root, Targets, Channels, Snapshot, Timestamp])
        {
            signer.Dispose();
        }

        CmsRoot.Dispose();
        CmsSigner?.Dispose();
    }
}
