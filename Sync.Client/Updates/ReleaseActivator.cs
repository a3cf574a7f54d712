using Microsoft.Extensions.Logging;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Sync.Client.Reports;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Trust;
using Sync.Client.Updates.Schemas;

namespace Sync.Client.Updates;

/// <summary>Makes a loaded release the active one. The store records it first, so that a crash in between leaves the new one active, whole.</summary>
internal sealed class ReleaseActivator(NodeStore store, ReleaseSlot slot, SchemaGuard schemas, EarlierTargets earlier, ILogger logger)
{
    /// <summary>Activates a release and deletes the files that are no longer needed; those that stay are deleted at the next activation.</summary>
    /// <exception cref="IOException">The store cannot record the release: it is freed, and the active one stays.</exception>
    public void Activate(LoadedRelease next, NodeTrust trust)
    {
        LoadedRelease? before = slot.Current;
        StoredRelease current = ToStored(next);
        StoredRelease? previous = before is null ? store.ReadActive()?.Current : ToStored(before);
        try
        {
            store.WriteActive(new ActiveRecord(current, previous));
        }
        catch
        {
            next.RetireExcept(before);
            throw;
        }

        // Later than the record: after a crash in between, the release in the store gives its schema again.
        schemas.KeepActivated(next);
        slot.Swap(next);
        try
        {
            store.KeepOnly(
                models: current.Models.Concat(previous?.Models ?? []).Select(m => m.Sha256).ToHashSet(),
                documents: FindDocuments(trust, next.Number, previous?.Number ?? next.Number));
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            logger.OldFilesStay(e);
        }
    }

    /// <summary>Records the active release again, in a store that lost the record.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void Record(LoadedRelease running) => store.WriteActive(new ActiveRecord(ToStored(running), store.ReadActive()?.Previous));

    private static StoredRelease ToStored(LoadedRelease release) => new(
        release.Number, release.AcceptedAt,
        [.. release.Scorers.Values.Select(s => new StoredModel(s.Version.Name, s.Version.Version, s.Version.Sha256))]);

    // What a start without the relay reads.
    private HashSet<string> FindDocuments(NodeTrust trust, int current, int previous)
    {
        string[] paths =
        [
            TargetPaths.Policy, TargetPaths.Anchors, TargetPaths.TimestampAnchors, TargetPaths.Channel(trust.Channel.Channel),
        ];
        IEnumerable<TargetFile?> documents =
            [.. paths.Select(path => trust.Metadata.Find(path).Found), FindRelease(trust, current), FindRelease(trust, previous)];
        return [.. documents.Select(file => file?.Hashes.Preferred).OfType<string>()];
    }

    private TargetFile? FindRelease(NodeTrust trust, int release)
    {
        string path = TargetPaths.Release(release);
        return trust.Metadata.Find(path).Found ?? earlier.Find(release)?.Find(path).Found;
    }
}
