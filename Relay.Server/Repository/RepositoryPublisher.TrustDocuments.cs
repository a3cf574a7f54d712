using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;

namespace Relay.Server.Repository;

/// <content>The targets that say what nodes trust: policy and anchors.</content>
public sealed partial class RepositoryPublisher
{
    /// <summary>Forbids artifacts by their SHA-256 (lower-case hex) on every node, for good.</summary>
    /// <exception cref="ArgumentException">A digest is not one.</exception>
    public Task<string?> RevokeAsync(IReadOnlyCollection<string> sha256, CancellationToken cancellationToken) => ChangePolicyAsync(
        policy => policy with { Revoked = [.. policy.Revoked.Union(sha256, StringComparer.Ordinal).Order(StringComparer.Ordinal)] },
        cancellationToken);

    /// <summary>Forbids all releases under a number; it never falls.</summary>
    /// <exception cref="ArgumentException">There is no such release yet.</exception>
    public Task<string?> RaiseMinimumReleaseAsync(int release, CancellationToken cancellationToken) => ChangePolicyAsync(
        policy => policy with { MinimumRelease = Math.Max(policy.MinimumRelease, release) }, cancellationToken);

    /// <summary>Gives nodes the CMS roots of the key folder to pin, these and no others.</summary>
    /// <returns>Null when they are published; else the id under which they wait for signatures.</returns>
    public Task<string?> PinAnchorsAsync(CancellationToken cancellationToken) => ChangeTargetsAsync(
        draft => draft.SetTarget(TargetPaths.Anchors, RepositoryBootstrap.AnchorsOf(
            _keys.Folder is { } folder ? CmsKeyFolder.ReadRoots(folder) : _keys.CmsRoots)),
        cancellationToken);

    /// <summary>Gives nodes the roots of time-stamp authorities to pin. From then on they refuse an artifact with a token of
    /// another one.</summary>
    /// <param name="pem">One certificate or more; null unpins: nodes do not look at tokens any more.</param>
    /// <exception cref="ArgumentException">It is not that.</exception>
    public Task<string?> PinTimestampAnchorsAsync(byte[]? pem, CancellationToken cancellationToken) => ChangeTargetsAsync(
        draft =>
        {
            if (pem is null)
            {
                draft.RemoveTarget(TargetPaths.TimestampAnchors);
                return;
            }

            if (TrustAnchors.Read(pem, TargetPaths.TimestampAnchors).Refusal is { } refusal)
            {
                throw new ArgumentException(refusal.Detail, nameof(pem));
            }

            draft.SetTarget(TargetPaths.TimestampAnchors, pem);
        },
        cancellationToken);

    /// <summary>Models of releases that channels point to, which nodes would refuse if they pinned these CMS roots only.</summary>
    internal IReadOnlyList<string> ModelsNotUnder(X509Certificate2Collection roots)
    {
        RepositorySnapshot state = Read();
        return
        [
            .. state.Channels.Values
                .SelectMany(channel => channel.Candidate is { } candidate ? (int[])[channel.Release, candidate.Release] : [channel.Release])
                .SelectMany(release => state.Releases[release].Models)
                .Select(model => model.Path)
                .Distinct(StringComparer.Ordinal)
                .Where(path => CmsVerifier.Verify(Content(path), Content(TargetPaths.SignatureOf(path)), roots, _clock.GetUtcNow(), path)
                    is { Reason: RefusalReason.CmsUntrustedSigner }),
        ];

        byte[] Content(string path) => _folder.ReadTarget(state.Targets.Files[path])
            ?? throw new InvalidDataException($"The repository lacks the target '{path}'.");
    }

    private Task<string?> ChangePolicyAsync(Func<TrustPolicy, TrustPolicy> change, CancellationToken cancellationToken) => ChangeTargetsAsync(
        draft =>
        {
            TrustPolicy changed = change(Published(draft).Policy);
            byte[] policy = changed.ToJson();
            if (TrustPolicy.Read(policy).Refusal is { } refusal)
            {
                throw new ArgumentException(refusal.Detail, nameof(change));
            }

            if (changed.MinimumRelease > Published(draft).LatestRelease)
            {
                throw new ArgumentException($"Release {changed.MinimumRelease} does not exist.", nameof(change));
            }

            draft.SetTarget(TargetPaths.Policy, policy);
        },
        cancellationToken);
}
