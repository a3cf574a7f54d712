using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Tuf;

namespace SimulatedFleet;

/// <summary>The artifacts that the nodes of this process have verified: each CMS signature once. A node that downloads the same artifact checks the
/// hash of what it got, and shares the bytes.</summary>
internal sealed class SharedArtifacts(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, byte[]> _verified = new(StringComparer.Ordinal);
    private volatile X509Certificate2Collection? _anchors;

    public bool HasAnchors => _anchors is not null;

    /// <summary>The bytes of a verified artifact; null for one that no node has verified.</summary>
    public byte[]? Find(string sha256) => _verified.GetValueOrDefault(sha256);

    /// <param name="pem">The verified target <c>trust/anchors.pem</c>.</param>
    public void SetAnchors(byte[] pem) =>
        _anchors = TrustAnchors.Read(pem).Value ?? throw new FleetException("the anchors of the signers cannot be read");

    /// <exception cref="FleetException">The signature does not verify.</exception>
    public void Add(TargetFile file, byte[] artifact, byte[] signature)
    {
        if (CmsVerifier.Verify(artifact, signature, _anchors!, timeProvider.GetUtcNow(), file.Path) is { } refusal)
        {
            throw new FleetException($"{refusal.Subject}: {refusal.Reason}, {refusal.Detail}");
        }

        _verified[file.Sha256!] = artifact;
    }
}
