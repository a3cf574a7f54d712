using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Sync.Client.Trust;

/// <summary>The verified state after a whole update: the metadata, and the documents that they list.</summary>
/// <param name="TimestampAnchors">Roots of time-stamp authorities; empty where none is pinned.</param>
/// <param name="ExpiresAt">When the first of the metadata expires; from then on the node accepts no new release.</param>
internal sealed record NodeTrust(
    TrustedMetadata Metadata, TrustPolicy Policy, X509Certificate2Collection Anchors, X509Certificate2Collection TimestampAnchors,
    ChannelManifest Channel, DateTimeOffset ExpiresAt)
{
    /// <summary>SHA-256 of the file of the timestamp, in lower-case hex.</summary>
    public string TimestampSha256 { get; init; } = "";

    public static DateTimeOffset EarliestExpiry(TrustedMetadata metadata, IEnumerable<string> targetsRoles)
    {
        IEnumerable<RoleMetadata?> held = [metadata.Root, metadata.Timestamp, metadata.Snapshot, .. targetsRoles.Select(metadata.Held)];
        return held.OfType<RoleMetadata>().Min(m => m.Expires);
    }
}
