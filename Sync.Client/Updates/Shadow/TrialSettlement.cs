using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Scoring;
using Sync.Client.Trust;

namespace Sync.Client.Updates.Shadow;

/// <summary>Decides a trial that has ended: the candidate becomes active, waits for the maintenance window, or is refused.</summary>
internal sealed class TrialSettlement(UpdateServices node)
{
    /// <exception cref="IOException">The store cannot be written; the active release stays.</exception>
    public void Settle(ShadowTrial trial, NodeTrust trust)
    {
        LoadedRelease? before = node.Slot.Current;
        node.State.EndTrial(trial);
        Refusal? refusal = null;
        if (trial.FindDisagreement() is { } found)
        {
            trial.Retire(before);
            node.Quarantine.Add(found.Model, found.Refusal.Reason);
            refusal = found.Refusal;
        }
        else if (trust.ExpiresAt <= node.TimeProvider.GetUtcNow())
        {
            trial.Retire(before);
            refusal = new(RefusalReason.MetadataExpired, RoleNames.Timestamp, $"the metadata expired at {trust.ExpiresAt:u}");
        }
        else
        {
            node.Gate.Admit(trial.Candidate, trust, isPinned: false);
        }

        node.Reporter.Report(refusal);
        node.Store.Flush();
        node.Reporter.RaiseModelChanged(before, ModelChangeCause.Sync);
    }
}
