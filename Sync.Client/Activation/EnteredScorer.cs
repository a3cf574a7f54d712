using Sync.Client.Runtime;

namespace Sync.Client.Activation;

/// <summary>Holds the scorer that answers for the length of a call.</summary>
internal readonly ref struct EnteredScorer
{
    private readonly Caller? _entry;

    public EnteredScorer(ReleaseSlot slot, string model) => Scorer = slot.Enter(model, out _entry);

    public ModelScorer Scorer { get; }

    public void Dispose() => Scorer.Leave(_entry);
}
