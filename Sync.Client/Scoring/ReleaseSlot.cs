using Shared.Scoring;
using Sync.Client.Updates;

namespace Sync.Client.Scoring;

/// <summary>The release that answers now. Swapping it is one write of one reference: a caller sees the old set or the new one.</summary>
internal sealed class ReleaseSlot
{
    private volatile LoadedRelease? _current;

    public LoadedRelease? Current => _current;

    /// <summary>Lets a release answer, or none, and retires the scorers that it does not share with the one before. For one caller
    /// at a time.</summary>
    public void Swap(LoadedRelease? next)
    {
        LoadedRelease? before = _current;
        foreach (ModelScorer scorer in next?.Scorers.Values ?? [])
        {
            if (before is null || !before.Scorers.Values.Contains(scorer))
            {
                scorer.StartCounting();
            }
        }

        _current = next;
        foreach (ModelScorer scorer in before?.Scorers.Values ?? [])
        {
            if (next is null || !next.Scorers.Values.Contains(scorer))
            {
                scorer.Retire();
            }
        }
    }

    /// <summary>The scorer of a model, entered: the caller leaves it.</summary>
    /// <param name="entry">What to leave with.</param>
    public ModelScorer Enter(string model, out ThreadSlot? entry)
    {
        while (_current is { } release && release.Scorers.TryGetValue(model, out ModelScorer? scorer))
        {
            if (scorer.TryEnter(out entry))
            {
                return scorer;
            }
        }

        throw new RelayModelException(
            RelayModelFault.NotReady, $"no version of '{model}' is active: the node has not synced one yet, or was stopped");
    }
}
