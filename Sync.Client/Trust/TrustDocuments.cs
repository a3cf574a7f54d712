using System.Security.Cryptography.X509Certificates;
using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Sync.Client.Trust;

/// <summary>Reads the documents that the node acts on: the policy, the certificates of the signers, and the channel.</summary>
internal sealed class TrustDocuments(string channel)
{
    /// <summary>The paths that a refresh has to cover.</summary>
    public IReadOnlyList<string> Paths { get; } = [TargetPaths.Policy, TargetPaths.Anchors, TargetPaths.Channel(channel)];

    public async Task<Result<NodeTrust>> ReadAsync(TrustedMetadata trusted, TargetReader targets, CancellationToken cancellationToken)
    {
        List<byte[]> files = [];
        foreach (string path in Paths)
        {
            Result<byte[]> file = await targets.ReadAsync(trusted, path, cancellationToken).ConfigureAwait(false);
            if (!file.IsAccepted)
            {
                return file.Refusal.Reason is RefusalReason.UnlistedTarget && path == TargetPaths.Channel(channel)
                    ? file.Refusal with
                    {
                        Detail = $"the relay has no channel '{channel}': set {OptionNames.Channel} to one that it has, or publish to it",
                    }
                    : file.Refusal;
            }

            files.Add(file.Value);
        }

        Result<X509Certificate2Collection> timestampAnchors = await ReadTimestampAnchorsAsync(trusted, targets, cancellationToken)
            .ConfigureAwait(false);
        if (!timestampAnchors.IsAccepted)
        {
            return timestampAnchors.Refusal;
        }

        Result<TrustPolicy> policy = TrustPolicy.Read(files[0]);
        Result<X509Certificate2Collection> anchors = TrustAnchors.Read(files[1]);
        Result<ChannelManifest> manifest = ChannelManifest.Read(files[2], channel);
        if ((policy.Refusal ?? anchors.Refusal ?? manifest.Refusal) is { } refusal)
        {
            return refusal;
        }

        IEnumerable<string> roles = (trusted.Targets!.Delegations?.Roles ?? []).Select(r => r.Name).Prepend(RoleNames.Targets);
        return new NodeTrust(
            trusted, policy.Value!, anchors.Value!, timestampAnchors.Value, manifest.Value!, NodeTrust.EarliestExpiry(trusted, roles));
    }

    /// <summary>They may be absent, because the targets role signed that, too.</summary>
    private static async Task<Result<X509Certificate2Collection>> ReadTimestampAnchorsAsync(
        TrustedMetadata trusted, TargetReader targets, CancellationToken cancellationToken)
    {
        if (trusted.Find(TargetPaths.TimestampAnchors).Refusal is { Reason: RefusalReason.UnlistedTarget })
        {
            return new X509Certificate2Collection();
        }

        Result<byte[]> file = await targets.ReadAsync(trusted, TargetPaths.TimestampAnchors, cancellationToken).ConfigureAwait(false);
        return file.IsAccepted ? TrustAnchors.Read(file.Value, TargetPaths.TimestampAnchors) : file.Refusal;
    }
}
