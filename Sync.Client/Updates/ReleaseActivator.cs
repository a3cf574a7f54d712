using Shared.Contracts.Releases;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Lets a loaded release answer. The store says so first, so that a crash in between leaves the new one active, whole.</summary>
internal sealed class ReleaseActivator(NodeStore store, ReleaseSlot slot)
{
    /// <summary>Null, or why files that are no longer needed could not be deleted; the next activation tries again.</summary>
    /// <exception cref="IOException">The store does not take the release: what runs goes on.</exception>
    public Exception? Activate(LoadedRelease next, NodeTrust trust)
    {
        LoadedRelease? before = slot.Current;
        StoredRelease? previous = before?.ToStored() ?? store.ReadActive()?.Current;
        try
        {
            store.WriteActive(new ActiveRecord(next.ToStored(), previous));
        }
        catch
        {
            // It cannot answer without being remembered: what runs goes on.
            foreach (ModelScorer scorer in next.Scorers.Values.Where(s => before?.Scorers.Values.Contains(s) != true))
            {
                scorer.Retire();
            }

            throw;
        }

        slot.Swap(next);
        try
        {
            store.KeepOnly(
                models: next.ToStored().Models.Concat(previous?.Models ?? []).Select(m => m.Sha256).ToHashSet(),
                documents: Documents(trust, next.Number, previous?.Number ?? next.Number));
            return null;
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            return left;
        }
    }

    // What a start without the relay reads.
    private static HashSet<string> Documents(NodeTrust trust, int current, int previous)
    {
        string[] paths =
        [
            TargetPaths.Policy, TargetPaths.Anchors, TargetPaths.TimestampAnchors, TargetPaths.Channel(trust.Channel.Channel),
            TargetPaths.Release(current), TargetPaths.Release(previous),
        ];
        return [.. paths.Select(trust.Metadata.Find).Select(f => f.Found?.Hashes.Preferred).OfType<string>()];
    }
}
