using Shared.Scoring;

namespace Sync.Client.Scoring;

/// <summary>Holds the scorer that answers for the length of a call.</summary>
internal readonly ref struct ScorerLease
{
    private readonly ThreadSlot? _entry;

    public ScorerLease(ReleaseSlot slot, string model) => Scorer = slot.Enter(model, out _entry);

    public ModelScorer Scorer { get; }

    public void Dispose() => Scorer.Leave(_entry);
}
