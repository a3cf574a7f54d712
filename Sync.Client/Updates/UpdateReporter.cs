using Microsoft.Extensions.Logging;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Sync.Client.Reports;
using Sync.Client.Scoring;

namespace Sync.Client.Updates;

/// <summary>Writes what an update changed or refused to the log, and raises the node's events for it.</summary>
internal sealed class UpdateReporter(
    RelaySyncOptions options, ReleaseSlot slot, RefusalLog refusals, ILogger logger,
    Action<ModelChangedEventArgs> raiseModelChanged, Action<RefusalReport> raiseRefused)
{
    /// <summary>Reports a refusal, or nothing where there is none.</summary>
    public void Report(Refusal? refusal)
    {
        if (refusal is null)
        {
            return;
        }

        if (IsEmptyChannel(refusal))
        {
            logger.NothingPublished(options.Channel);
        }
        else if (refusals.Add(refusal) is { } report)
        {
            logger.Refused(refusal.Reason, refusal.Subject, refusal.Detail);
            raiseRefused(report);
        }
    }

    /// <summary>Reports that another release is active than before, if that is so.</summary>
    public void RaiseModelChanged(LoadedRelease? before, ModelChangeCause cause)
    {
        LoadedRelease? now = slot.Current;
        if (ReferenceEquals(now, before))
        {
            return;
        }

        if (now is null)
        {
            logger.NothingActive();
        }
        else
        {
            logger.Activated(now.Number, string.Join(", ", now.Scorers.Values.Select(s => $"{s.Version.Name} {s.Version.Version}")), cause);
        }

        raiseModelChanged(new ModelChangedEventArgs(now?.Number ?? 0, cause, LoadedRelease.FindChanges(before, now)));
    }

    public void WarnIfStale(NodeState state)
    {
        if (state is { IsStale: true, Trust: { } trust })
        {
            logger.Stale(trust.ExpiresAt);
        }
    }

    // A new relay has published no channel yet: no reason to warn while this node runs nothing.
    private bool IsEmptyChannel(Refusal refusal) => slot.Current is null
        && refusal.Reason == RefusalReason.UnlistedTarget && refusal.Subject == TargetPaths.Channel(options.Channel);
}
