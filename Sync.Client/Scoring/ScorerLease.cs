using Shared.Scoring.Threads;

namespace Sync.Client.Scoring;

/// <summary>Holds the active scorer of a model for the duration of a call.</summary>
internal readonly ref struct ScorerLease
{
    private readonly ThreadSlot? _slot;

    public ScorerLease(ReleaseSlot slot, string model) => Scorer = slot.Enter(model, out _slot);

    public ModelScorer Scorer { get; }

    public void Dispose() => Scorer.Leave(_slot);
}
