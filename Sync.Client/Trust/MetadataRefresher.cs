using System.Net.Http.Headers;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;
using Sync.Client.Transport;

namespace Sync.Client.Trust;

/// <summary>The client workflow of the TUF specification (section 5) around <see cref="TrustedMetadata"/>, which verifies: it fetches metadata
/// and stores those that were accepted. Numbers in comments are clauses. For one call at a time.</summary>
internal sealed class MetadataRefresher(NodeStore store, RootChain roots, TimeProvider timeProvider)
{
    private (TrustedMetadata Metadata, IRepositorySource Source, EntityTagHeaderValue? Tag)? _held;

    /// <summary>Brings the metadata up to date, with the roles that the paths need. Costs one conditional request when the
    /// source's timestamp is the one that the last whole update, from the same source, began with.</summary>
    public async Task<Result<TrustedMetadata>> RefreshAsync(
        RepositorySources sources, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        // 5.1: one time for the whole update.
        DateTimeOffset at = timeProvider.GetUtcNow();
        return await sources.UpdateAsync(source => RefreshAsync(source, sources, paths, at, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>The next refresh fetches and verifies everything, whatever the source says about what changed.</summary>
    public void Forget() => _held = null;

    private async Task<Result<TrustedMetadata>> RefreshAsync(
        IRepositorySource source, RepositorySources sources, IReadOnlyList<string> paths, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // Before root, unlike 5.3, only to learn that nothing changed; new bytes are verified after root like any others.
        Fetched? timestamp = null;
        if (_held is { Tag: not null } held && ReferenceEquals(held.Source, source))
        {
            timestamp = await FetchTimestampAsync(source, held.Tag, cancellationToken).ConfigureAwait(false);
            if (timestamp.Status == FetchStatus.NotModified)
            {
                return held.Metadata;
            }
        }

        // An update that fails half-way may have stored a newer timestamp: the held one is no longer current then.
        _held = null;
        Result<byte[]> root = roots.ReadNewest();
        if (!root.IsAccepted)
        {
            return root.Refusal;
        }

        Result<TrustedMetadata> created = TrustedMetadata.Create(root.Value, at);
        if (!created.IsAccepted)
        {
            return created.Refusal;
        }

        TrustedMetadata trusted = created.Value;
        Refusal? refusal = await UpdateRootAsync(trusted, sources, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
        {
            return refusal;
        }

        timestamp ??= await FetchTimestampAsync(source, known: null, cancellationToken).ConfigureAwait(false);
        if (timestamp.Status != FetchStatus.Ok)
        {
            return sources.AddSource(timestamp.Refusal ?? Missing(RoleNames.Timestamp), source);
        }

        if (UpdateTimestamp(trusted, timestamp.Bytes) is { } wrong)
        {
            return sources.AddSource(wrong, source);
        }

        refusal = await UpdateSnapshotAsync(trusted, sources, cancellationToken).ConfigureAwait(false)
            ?? await UpdateTargetsAsync(trusted, sources, cancellationToken).ConfigureAwait(false)
            ?? await UpdateDelegatedAsync(trusted, sources, paths, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
        {
            return refusal;
        }

        // Only a whole update is remembered: the next poll starts a partial one again.
        _held = (trusted, source, timestamp.ETag);
        return trusted;
    }

    // 5.3
    private async Task<Refusal?> UpdateRootAsync(TrustedMetadata trusted, RepositorySources sources, CancellationToken cancellationToken)
    {
        while (true)
        {
            Result<Fetched> next = await sources.FetchAsync<Fetched>(async source =>
            {
                Fetched fetched = await FetchAsync(source, trusted.NextRoot, cancellationToken).ConfigureAwait(false);
                return fetched.Status switch
                {
                    FetchStatus.Ok => trusted.UpdateRoot(fetched.Bytes) is { } refusal ? refusal : fetched,
                    FetchStatus.NotFound => fetched,
                    _ => fetched.Refusal ?? Missing(RoleNames.Root),
                };
            }).ConfigureAwait(false);
            if (!next.IsAccepted || next.Value.Status == FetchStatus.NotFound)
            {
                return next.Refusal;
            }

            // 5.3.11, before 5.3.8: see RecoversFromFastForward.
            if (trusted.RecoversFromFastForward)
            {
                store.DeleteMetadata(MetadataPaths.Unversioned(RoleNames.Timestamp));
                store.DeleteMetadata(MetadataPaths.Unversioned(RoleNames.Snapshot));
            }

            roots.Append(trusted.Root.Version, next.Value.Bytes);
        }
    }

    // 5.4
    private Refusal? UpdateTimestamp(TrustedMetadata trusted, byte[] fetched)
    {
        if (Stored(RoleNames.Timestamp) is { } stored)
        {
            // A stored copy that does not verify was altered, or its keys are no longer trusted: its version does not count.
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
    private async Task<Refusal?> UpdateSnapshotAsync(TrustedMetadata trusted, RepositorySources sources, CancellationToken cancellationToken)
    {
        if (Stored(RoleNames.Snapshot) is { } stored)
        {
            _ = trusted.LoadSnapshot(stored);
        }

        return trusted.SnapshotIsCurrent
            ? null
            : await FetchAndTakeAsync(trusted.SnapshotDownload, sources, trusted.UpdateSnapshot, cancellationToken).ConfigureAwait(false);
    }

    // 5.6
    private async Task<Refusal?> UpdateTargetsAsync(TrustedMetadata trusted, RepositorySources sources, CancellationToken cancellationToken) =>
        trusted.TargetsDownload is { } download
            ? await TakeAsync(download, sources, file => trusted.UpdateTargets(file), cancellationToken).ConfigureAwait(false)
            : Missing(RoleNames.Targets);

    // 5.6.7
    private async Task<Refusal?> UpdateDelegatedAsync(
        TrustedMetadata trusted, RepositorySources sources, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        foreach (string path in paths)
        {
            if (await FindAsync(trusted, sources, path, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Loads the delegated roles on the way to a path (5.6.7). A path that no role lists is no refusal here.</summary>
    public async Task<Refusal?> FindAsync(
        TrustedMetadata trusted, RepositorySources sources, string path, CancellationToken cancellationToken)
    {
        while (trusted.Find(path).Needed is { } needed)
        {
            Refusal? refusal = await TakeAsync(
                needed.Download, sources, file => trusted.UpdateDelegated(file, needed.Role, needed.Parent), cancellationToken).ConfigureAwait(false);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    // The stored copy first, so that a role that did not change costs no request.
    private async Task<Refusal?> TakeAsync(
        MetadataDownload download, RepositorySources sources, Func<ReadOnlyMemory<byte>, Refusal?> take, CancellationToken cancellationToken) =>
        Stored(download.Role) is { } stored && take(stored) is null
            ? null
            : await FetchAndTakeAsync(download, sources, take, cancellationToken).ConfigureAwait(false);

    private async Task<Refusal?> FetchAndTakeAsync(
        MetadataDownload download, RepositorySources sources, Func<ReadOnlyMemory<byte>, Refusal?> take, CancellationToken cancellationToken)
    {
        Result<Fetched> taken = await sources.FetchAsync<Fetched>(async source =>
        {
            Fetched fetched = await FetchAsync(source, download, cancellationToken).ConfigureAwait(false);
            return fetched.Status != FetchStatus.Ok ? fetched.Refusal ?? Missing(download.Role)
                : take(fetched.Bytes) is { } refusal ? refusal
                : fetched;
        }).ConfigureAwait(false);
        if (taken.IsAccepted)
        {
            Store(download.Role, taken.Value.Bytes);
        }

        return taken.Refusal;
    }

    private static Task<Fetched> FetchAsync(IRepositorySource source, MetadataDownload download, CancellationToken cancellationToken) =>
        source.GetMetadataAsync(download.FileName, download.MaximumBytes, known: null, cancellationToken);

    private static Task<Fetched> FetchTimestampAsync(
        IRepositorySource source, EntityTagHeaderValue? known, CancellationToken cancellationToken) =>
        source.GetMetadataAsync(MetadataPaths.Timestamp, TrustBounds.TimestampBytes, known, cancellationToken);

    private byte[]? Stored(string role) => store.ReadMetadata(MetadataPaths.Unversioned(role), TrustBounds.TargetsBytes);

    // The versions that must never fall are those of timestamp and snapshot: only these must never be lost to a torn write.
    private void Store(string role, byte[] file)
    {
        if (role is RoleNames.Timestamp or RoleNames.Snapshot)
        {
            store.WriteBindingMetadata(MetadataPaths.Unversioned(role), file);
        }
        else
        {
            store.WriteListedMetadata(MetadataPaths.Unversioned(role), file);
        }
    }

    private static Refusal Missing(string role) => new(RefusalReason.MetadataMissing, role, "it is missing");
}
