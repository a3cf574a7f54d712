using Shared.Scoring.Threads;

namespace Sync.Client.Scoring;

/// <summary>The active release. A swap is one write of one reference: a call sees all scorers of the old release or all of the new
/// one.</summary>
internal sealed class ReleaseSlot
{
    private volatile LoadedRelease? _current;
    private volatile TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LoadedRelease? Current => _current;

    /// <summary>Completes when a release is active.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The reasons of the refusals that hold now, for the error of a call without an active release. Reasons alone: an app may pass the
    /// message on to its callers, and details have paths and addresses.</summary>
    public Func<IEnumerable<string>>? CurrentReasons { get; set; }

    /// <summary>Called before a release, or none, takes the place of the current one.</summary>
    public Action<LoadedRelease?>? Swapping { get; set; }

    /// <summary>Activates a release, or none, and retires the scorers of the previous one that it does not share. Calls must not
    /// overlap.</summary>
    public void Swap(LoadedRelease? next)
    {
        LoadedRelease? previous = _current;
        foreach (ModelScorer scorer in next?.Scorers.Values ?? [])
        {
            if (previous is null || !previous.Scorers.Values.Contains(scorer))
            {
                scorer.StartCounting();
            }
        }

        Swapping?.Invoke(next);
        _current = next;
        if (next is not null)
        {
            _ready.TrySetResult();
        }
        else if (_ready.Task.IsCompleted)
        {
            _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        foreach (ModelScorer scorer in previous?.Scorers.Values ?? [])
        {
            if (next is null || !next.Scorers.Values.Contains(scorer))
            {
                scorer.Retire();
            }
        }
    }

    /// <summary>Enters the active scorer of a model; the caller leaves it.</summary>
    /// <param name="slot">What to leave with.</param>
    public ModelScorer Enter(string model, out ThreadSlot? slot)
    {
        while (_current is { } release && release.Scorers.TryGetValue(model, out ModelScorer? scorer))
        {
            if (scorer.TryEnter(out slot))
            {
                return scorer;
            }
        }

        throw new RelayModelException(RelayModelFault.NotReady, $"no version of '{model}' is active: {ExplainEmpty()}");
    }

    private string ExplainEmpty()
    {
        string reasons = string.Join(", ", (CurrentReasons?.Invoke() ?? []).Distinct());
        return reasons.Length == 0
            ? "the node has not synced one yet, or was stopped"
            : $"{reasons}; the log of the app and SyncClient.Status say what to do";
    }
}
