using Sync.Client.Runtime;

namespace Sync.Client.Activation;

/// <summary>Holds the scorer that answers for the length of a call.</summary>
internal readonly ref struct EnteredScorer(ReleaseSlot slot, string model)
{
    public ModelScorer Scorer { get; } = slot.Enter(model);

    public void Dispose() => Scorer.Leave();
}
