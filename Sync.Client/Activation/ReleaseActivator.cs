using Sync.Client.Runtime;
using Sync.Client.Storage;

namespace Sync.Client.Activation;

/// <summary>Lets a loaded release answer. The store says so first, so that a crash in between leaves the new one active, whole.</summary>
internal sealed class ReleaseActivator(NodeStore store, ReleaseSlot slot)
{
    public void Activate(LoadedRelease next)
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
            foreach (OnnxScorer scorer in next.Scorers.Values.Where(s => before?.Scorers.Values.Contains(s) != true))
            {
                scorer.Retire();
            }

            throw;
        }

        slot.Swap(next);
        HashSet<string> kept = [.. next.ToStored().Models.Concat(previous?.Models ?? []).Select(m => m.Sha256)];
        store.KeepOnly(kept);
    }
}
