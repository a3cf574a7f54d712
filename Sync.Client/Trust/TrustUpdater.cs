using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;
using Sync.Client.Transport;

namespace Sync.Client.Trust;

/// <summary>Refreshes the metadata, reads the documents that they list, and stores both for a start without the relay.</summary>
internal sealed class TrustUpdater(
    MetadataRefresher refresher, NodeStore store, TrustDocuments documents, StoredTrust stored, string trustedRoot, TimeProvider timeProvider)
{
    public async Task<Result<NodeTrust>> RefreshAsync(RepositorySources sources, CancellationToken cancellationToken)
    {
        Result<TrustedMetadata> metadata = await refresher.RefreshAsync(sources, documents.Paths, cancellationToken).ConfigureAwait(false);
        if (!metadata.IsAccepted)
        {
            return TrustAdvice.AddTo(metadata.Refusal, trustedRoot);
        }

        Result<NodeTrust> trust =
            await documents.ReadAsync(metadata.Value, new TargetReader(store, sources), cancellationToken).ConfigureAwait(false);
        if (!trust.IsAccepted)
        {
            return trust.Refusal;
        }

        IEnumerable<string> delegated = (metadata.Value.Targets!.Delegations?.Roles ?? []).Select(role => role.Name);
        if (ExpiryBounds.Check(metadata.Value, delegated, timeProvider.GetUtcNow()) is { } tooFar)
        {
            return tooFar;
        }

        // A relay can respond "not modified" after its metadata have expired.
        DateTimeOffset now = timeProvider.GetUtcNow();
        if (trust.Value.ExpiresAt <= now)
        {
            return TrustAdvice.AddTo(
                new(RefusalReason.MetadataExpired, RoleNames.Timestamp, $"the metadata expired at {trust.Value.ExpiresAt:u}, and it is {now:u}"),
                trustedRoot);
        }

        if (!stored.Save(metadata.Value))
        {
            refresher.Forget();
            return new Refusal(
                RefusalReason.StoreDamaged, "metadata", "the store lost metadata while they were in use; the next update fetches them again");
        }

        return trust.Value with { TimestampSha256 = stored.TimestampSha256 };
    }
}
