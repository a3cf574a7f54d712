using Microsoft.Extensions.Logging;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Sync.Client.Identity;
using Sync.Client.Reports;
using Sync.Client.Scoring;

namespace Sync.Client.Updates;

/// <summary>Writes what an update changed or refused to the log, and raises the node's events for it.</summary>
internal sealed class UpdateReporter(
    RelaySyncOptions options, ReleaseSlot slot, RefusalLog refusals, ILogger logger,
    Action<ModelChangedEventArgs> raiseModelChanged, Action<RefusalReport> raiseRefused)
{
    private bool _isStaleReported;
    private bool _isEmptyReported;
    private bool _isClockReported;

    /// <summary>Reports a refusal, or nothing where there is none. It is written to the log when it begins.</summary>
    public void Report(Refusal? refusal)
    {
        if (refusal is null)
        {
            return;
        }

        if (IsEmptyChannel(refusal))
        {
            if (!_isEmptyReported)
            {
                _isEmptyReported = true;
                logger.NothingPublished(options.Channel, OptionNames.Channel);
            }
        }
        else if (refusals.Add(refusal) is { } report)
        {
            if (UpdateStage.IsLocal(refusal.Reason))
            {
                logger.FaultBegan(refusal.Reason, refusal.Detail, refusal.Subject);
            }
            else
            {
                logger.Refused(refusal.Subject, refusal.Reason, refusal.Detail);
            }

            raiseRefused(report);
        }
    }

    public void ReportAll(IEnumerable<Refusal> several)
    {
        foreach (Refusal refusal in several)
        {
            Report(refusal);
        }
    }

    /// <summary>Reports an exception that nothing expects; its trace is written to the log when it begins.</summary>
    public void ReportUnexpected(Exception exception)
    {
        Refusal refusal = new(RefusalReason.UnexpectedError, options.NodeId, $"{exception.GetType().Name}: {exception.Message}");
        if (refusals.Add(refusal) is { } report)
        {
            logger.UpdateFailed(exception);
            raiseRefused(report);
        }
    }

    /// <summary>Ends an attempt, and writes to the log which refusals are over.</summary>
    /// <param name="result">The refusal that ended it early; null where it got through.</param>
    public void EndAttempt(Refusal? result)
    {
        foreach ((RefusalReport ended, TimeSpan length) in refusals.EndAttempt(result))
        {
            logger.RefusalEnded(length, ended.Reason, ended.Subject);
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
        if (state.Trust is not { } trust || state.IsStale == _isStaleReported)
        {
            return;
        }

        _isStaleReported = state.IsStale;
        if (_isStaleReported)
        {
            logger.Stale(trust.ExpiresAt);
        }
        else
        {
            logger.NoLongerStale(trust.ExpiresAt);
        }
    }

    public void WarnIfClockDiffers(SignatureClock clock)
    {
        if (!_isClockReported && clock.Difference is var (relayTime, ownTime))
        {
            _isClockReported = true;
            logger.ClockDiffers(ownTime, relayTime);
        }
    }

    // A new relay has published no channel yet: no reason to warn while this node runs nothing.
    private bool IsEmptyChannel(Refusal refusal) => slot.Current is null
        && refusal.Reason == RefusalReason.UnlistedTarget && refusal.Subject == TargetPaths.Channel(options.Channel);
}
