using System.Net.Http.Headers;
using Shared.Contracts.Api;
using Shared.Contracts.Trust;
using Sync.Client.Storage;
using Sync.Client.Transport;

namespace Sync.Client.Trust;

/// <summary>Section 5 of the TUF specification around its pure core: fetches, has verified, stores what was accepted. Numbers in
/// comments are its clauses. For one call at a time.</summary>
internal sealed class MetadataRefresher(RelayHttp http, NodeStore store, RootChain roots, TimeProvider time)
{
    private TrustedMetadata? _held;
    private EntityTagHeaderValue? _timestampTag;

    /// <summary>Brings the metadata up to date, with the roles that the paths need. Costs one conditional request when the
    /// relay's timestamp is the one that the last whole update began with.</summary>
    public async Task<Verdict<TrustedMetadata>> RefreshAsync(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        // 5.1: one time for the whole update.
        DateTimeOffset at = time.GetUtcNow();
        Fetched timestamp = await http.GetAsync(
            MetadataUrl(MetadataPaths.Timestamp), TrustBounds.TimestampBytes, RefusalReason.MetadataTooLarge, _timestampTag, cancellation);
        if (timestamp.Status == FetchStatus.NotModified && _held is not null)
        {
            return _held;
        }

        if (timestamp.Status != FetchStatus.Ok)
        {
            return timestamp.Refusal ?? Missing(RoleNames.Timestamp);
        }

        if (!TrustedMetadata.TryCreate(roots.Newest, at, out TrustedMetadata? trusted, out Refusal? refusal))
        {
            return refusal;
        }

        refusal = await UpdateRootAsync(trusted, cancellation)
            ?? UpdateTimestamp(trusted, timestamp.Bytes)
            ?? await UpdateSnapshotAsync(trusted, cancellation)
            ?? await UpdateTargetsAsync(trusted, cancellation)
            ?? await UpdateDelegatedAsync(trusted, paths, cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        // Only a whole update is remembered: half of one is begun again by the next poll.
        (_held, _timestampTag) = (trusted, timestamp.ETag);
        return trusted;
    }

    // 5.3
    private async Task<Refusal?> UpdateRootAsync(TrustedMetadata trusted, CancellationToken cancellation)
    {
        while (true)
        {
            Fetched next = await FetchAsync(trusted.NextRoot, cancellation);
            if (next.Status != FetchStatus.Ok)
            {
                return next.Status == FetchStatus.NotFound ? null : next.Refusal;
            }

            if (trusted.UpdateRoot(next.Bytes) is { } refusal)
            {
                return refusal;
            }

            // 5.3.11, before 5.3.8: see RecoversFromFastForward.
            if (trusted.RecoversFromFastForward)
            {
                store.DeleteMetadata(MetadataPaths.Unversioned(RoleNames.Timestamp));
                store.DeleteMetadata(MetadataPaths.Unversioned(RoleNames.Snapshot));
            }

            roots.Append(trusted.Root.Version, next.Bytes);
        }
    }

    // 5.4
    private Refusal? UpdateTimestamp(TrustedMetadata trusted, byte[] fetched)
    {
        if (Stored(RoleNames.Timestamp) is { } stored)
        {
            // A stored copy that does not verify was altered or signed with keys that are no longer trusted: it binds nothing.
            _ = trusted.LoadTimestamp(stored);
        }

        TimestampMetadata? before = trusted.Timestamp;
        Refusal? refusal = trusted.UpdateTimestamp(fetched);
        if (refusal is null && !ReferenceEquals(before, trusted.Timestamp))
        {
            Store(RoleNames.Timestamp, fetched);
        }

        return refusal;
    }

    // 5.5
    private async Task<Refusal?> UpdateSnapshotAsync(TrustedMetadata trusted, CancellationToken cancellation)
    {
        if (Stored(RoleNames.Snapshot) is { } stored)
        {
            _ = trusted.LoadSnapshot(stored);
        }

        return trusted.SnapshotIsCurrent
            ? null
            : await FetchAndTakeAsync(trusted.SnapshotDownload, trusted.UpdateSnapshot, cancellation);
    }

    // 5.6
    private async Task<Refusal?> UpdateTargetsAsync(TrustedMetadata trusted, CancellationToken cancellation) =>
        trusted.TargetsDownload is { } download
            ? await TakeAsync(download, file => trusted.UpdateTargets(file), cancellation)
            : Missing(RoleNames.Targets);

    // 5.6.7
    private async Task<Refusal?> UpdateDelegatedAsync(
        TrustedMetadata trusted, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        foreach (string path in paths)
        {
            while (trusted.Find(path).Needed is { } needed)
            {
                Refusal? refusal = await TakeAsync(
                    needed.Download, file => trusted.UpdateDelegated(file, needed.Role, needed.Parent), cancellation);
                if (refusal is not null)
                {
                    return refusal;
                }
            }
        }

        return null;
    }

    // The stored copy first, so that a role that did not change costs no request.
    private async Task<Refusal?> TakeAsync(
        MetadataDownload download, Func<ReadOnlyMemory<byte>, Refusal?> take, CancellationToken cancellation) =>
        Stored(download.Role) is { } stored && take(stored) is null
            ? null
            : await FetchAndTakeAsync(download, take, cancellation);

    private async Task<Refusal?> FetchAndTakeAsync(
        MetadataDownload download, Func<ReadOnlyMemory<byte>, Refusal?> take, CancellationToken cancellation)
    {
        Fetched fetched = await FetchAsync(download, cancellation);
        if (fetched.Status != FetchStatus.Ok)
        {
            return fetched.Refusal ?? Missing(download.Role);
        }

        Refusal? refusal = take(fetched.Bytes);
        if (refusal is null)
        {
            Store(download.Role, fetched.Bytes);
        }

        return refusal;
    }

    private Task<Fetched> FetchAsync(MetadataDownload download, CancellationToken cancellation) =>
        http.GetAsync(
            MetadataUrl(download.FileName), download.MaximumBytes, RefusalReason.MetadataTooLarge, known: null, cancellation);

    private byte[]? Stored(string role) => store.ReadMetadata(MetadataPaths.Unversioned(role), TrustBounds.TargetsBytes);

    private void Store(string role, byte[] file) => store.WriteMetadata(MetadataPaths.Unversioned(role), file);

    private static string MetadataUrl(string file) => $"{Routes.Metadata}/{file}";

    private static Refusal Missing(string role) => new(RefusalReason.MetadataMissing, role, "the relay does not have it");
}
