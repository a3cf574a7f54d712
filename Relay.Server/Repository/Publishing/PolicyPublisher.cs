using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Publishing;

/// <summary>Publishes what nodes trust: revocations, the minimum release, and the anchors of signatures and time stamps.</summary>
public sealed class PolicyPublisher(TufRepository repository)
{
    /// <summary>Forbids artifacts by their SHA-256 (lower-case hex) on every node. A revocation cannot be undone.</summary>
    /// <returns>Null when it is published; else the id under which it waits for signatures.</returns>
    /// <exception cref="ArgumentException">A digest is not one.</exception>
    public async Task<string?> RevokeAsync(IReadOnlyCollection<string> sha256, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        RepositoryChange change = transaction.StartChange();
        TrustPolicy policy = change.Published.Policy;
        SetPolicy(change, policy with { Revoked = [.. policy.Revoked.Union(sha256, StringComparer.Ordinal).Order(StringComparer.Ordinal)] });
        return transaction.Complete(change);
    }

    /// <summary>Forbids all releases below a number. The minimum never decreases: a lower number changes nothing.</summary>
    public async Task<Result<PolicyPublication, PublishRefusal>> RaiseMinimumReleaseAsync(int release, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        RepositoryChange change = transaction.StartChange();
        TrustPolicy policy = change.Published.Policy;
        int minimum = Math.Max(policy.MinimumRelease, release);
        if (minimum > change.Published.LatestRelease)
        {
            return new PublishRefusal(PublishRefusalReason.UnknownRelease, $"Release {minimum} does not exist.");
        }

        SetPolicy(change, policy with { MinimumRelease = minimum });
        return new PolicyPublication(transaction.Complete(change));
    }

    /// <summary>Gives nodes the CMS roots of the key folder to pin, these and no others.</summary>
    /// <returns>Null when they are published; else the id under which they wait for signatures.</returns>
    public async Task<string?> PinAnchorsAsync(CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        RepositoryChange change = transaction.StartChange();
        SigningKeys keys = repository.Keys;
        change.SetTarget(
            TargetPaths.Anchors, RepositoryBootstrap.EncodeAnchors(keys.Folder is { } folder ? CmsKeyFolder.ReadRoots(folder) : keys.CmsRoots));
        return transaction.Complete(change);
    }

    /// <summary>Gives nodes the roots of time-stamp authorities to pin. From then on they refuse an artifact with a token of
    /// another one.</summary>
    /// <param name="pem">One certificate or more; null unpins: nodes do not check tokens any more.</param>
    /// <returns>Null when they are published; else the id under which they wait for signatures.</returns>
    /// <exception cref="ArgumentException">It is not that.</exception>
    public async Task<string?> PinTimestampAnchorsAsync(byte[]? pem, CancellationToken cancellationToken)
    {
        if (pem is not null && TrustAnchors.Read(pem, TargetPaths.TimestampAnchors).Refusal is { } refusal)
        {
            throw new ArgumentException(refusal.Detail, nameof(pem));
        }

        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        RepositoryChange change = transaction.StartChange();
        if (pem is null)
        {
            change.RemoveTarget(TargetPaths.TimestampAnchors);
        }
        else
        {
            change.SetTarget(TargetPaths.TimestampAnchors, pem);
        }

        return transaction.Complete(change);
    }

    /// <summary>Models of releases that channels point to, which nodes would refuse if they pinned these CMS roots only.</summary>
    internal IReadOnlyList<string> FindModelsNotUnder(X509Certificate2Collection roots)
    {
        RepositorySnapshot snapshot = repository.Read();
        DateTimeOffset now = repository.TimeProvider.GetUtcNow();
        return
        [
            .. snapshot.Channels.Values
                .SelectMany(channel => channel.Candidate is { } candidate ? (int[])[channel.Release, candidate.Release] : [channel.Release])
                .SelectMany(release => snapshot.Releases[release].Models)
                .Select(model => model.Path)
                .Distinct(StringComparer.Ordinal)
                .Where(path => CmsVerifier.Verify(Content(path), Content(TargetPaths.SignatureOf(path)), roots, now, path)
                    is { Reason: RefusalReason.CmsUntrustedSigner }),
        ];

        byte[] Content(string path) => repository.ReadTarget(snapshot.Targets.Files[path]);
    }

    private static void SetPolicy(RepositoryChange change, TrustPolicy policy)
    {
        byte[] json = policy.ToJson();
        if (TrustPolicy.Read(json).Refusal is { } refusal)
        {
            throw new ArgumentException(refusal.Detail, nameof(policy));
        }

        change.SetTarget(TargetPaths.Policy, json);
    }
}
