using Shared.Contracts.Trust;

namespace Relay.Server.Trust;

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

    /// <summary>Gives nodes the roots of time-stamp authorities to pin. From then on they refuse an artifact with a token of
    /// another one.</summary>
    /// <param name="pem">One certificate or more.</param>
    /// <exception cref="ArgumentException">It is not that.</exception>
    public Task<string?> PinTimestampAnchorsAsync(ReadOnlyMemory<byte> pem, CancellationToken cancellationToken) => ChangeTargetsAsync(
        draft =>
        {
            if (!TrustAnchors.TryParse(pem.Span, out _, out Refusal? refusal, TargetPaths.TimestampAnchors))
            {
                throw new ArgumentException(refusal.Detail, nameof(pem));
            }

            draft.SetTarget(TargetPaths.TimestampAnchors, pem);
        },
        cancellationToken);

    private Task<string?> ChangePolicyAsync(Func<TrustPolicy, TrustPolicy> change, CancellationToken cancellationToken) => ChangeTargetsAsync(
        draft =>
        {
            TrustPolicy changed = change(Published(draft).Policy);
            byte[] policy = changed.ToJson();
            if (!TrustPolicy.TryParse(policy, out _, out Refusal? refusal))
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
