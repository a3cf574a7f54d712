using Shared.Contracts;
using Shared.Contracts.Releases;
using Sync.Client.Transport;
using Sync.Client.Trust;
using Sync.Client.Updates;
using Sync.Client.Updates.Shadow;

namespace Sync.Client;

/// <summary>One update after the other: what it takes, what it keeps, and whom it tells.</summary>
public sealed partial class SyncClient
{
    /// <param name="steering">Null to leave it as it is.</param>
    private async Task<RefreshResult> UpdateFromAsync(RepositorySources sources, NodeSteering? steering, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            LoadedRelease? before = _slot.Current;
            Refusal? refusal = steering is null
                ? await UpdateAndKeepAsync(sources, cancellationToken).ConfigureAwait(false)
                : await SteerAsync(steering, sources, cancellationToken).ConfigureAwait(false);
            NoteUnlessEmpty(refusal);
            TellOfChange(before, _releases.Steering.Mode is SteeringMode.Pinned ? ModelChangeCause.Pin : ModelChangeCause.Sync);
            await LeaveWhatIsForbiddenAsync(cancellationToken).ConfigureAwait(false);
            if (_releases.Trial is { } trial && trial != _watched)
            {
                _watched = trial;
                ShadowSettled = SettleAsync(trial);
            }

            WarnWhenStale();
            _refusals.EndAttempt();
            if (ReferenceEquals(sources, _network.Sources) && !await _network.ReportAsync(Status, cancellationToken).ConfigureAwait(false))
            {
                _logger.NotReported();
            }

            return new RefreshResult(!ReferenceEquals(before, _slot.Current), refusal);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    // A trial lasts minutes: updates, and with them revocations, go on meanwhile.
    private async Task SettleAsync(ShadowTrial trial)
    {
        await trial.Ended.ConfigureAwait(false);
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            if (trial == _releases.Trial && _believed is { } trust)
            {
                LoadedRelease? before = _slot.Current;
                NoteUnlessEmpty(_releases.Settle(trial, trust));
                _store.Flush();
                TellOfChange(before, ModelChangeCause.Sync);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.RefreshFailed(e);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    // Kept when it worked out: a pin that was refused leaves the node as it was steered before.
    private async Task<Refusal?> SteerAsync(NodeSteering steering, RepositorySources sources, CancellationToken cancellationToken)
    {
        try
        {
            _releases.Steering = steering;
            Refusal? refusal = await UpdateAndKeepAsync(sources, cancellationToken).ConfigureAwait(false);
            if (!_releases.IsOffItsPin)
            {
                _releases.KeepSteering();
                _logger.Steered(steering);
            }

            return refusal;
        }
        finally
        {
            _releases.ForgetSteering();
        }
    }

    // Also of an update that fails or is given up: what it learned of versions must not be forgotten.
    private async Task<Refusal?> UpdateAndKeepAsync(RepositorySources sources, CancellationToken cancellationToken)
    {
        try
        {
            return await UpdateAsync(sources, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _store.Flush();
        }
    }

    private async Task<Refusal?> UpdateAsync(RepositorySources sources, CancellationToken cancellationToken)
    {
        Result<NodeTrust> trust = await _trust.RefreshAsync(sources, cancellationToken).ConfigureAwait(false);
        if (!trust.IsAccepted && _releases.IsOffItsPin && _believed is { } before)
        {
            // With the relay away, a node can still be pinned to what its store holds.
            Note(trust.Refusal);
            return await _releases.FollowAsync(before, sources: null, cancellationToken).ConfigureAwait(false);
        }

        if (!trust.IsAccepted)
        {
            return trust.Refusal;
        }

        _believed = trust.Value;
        Refusal? refusal = await _releases.FollowAsync(trust.Value, sources, cancellationToken).ConfigureAwait(false);
        _lastRefresh = _timeProvider.GetUtcNow();
        return refusal;
    }

    // A revoked version, or one under the minimum, must not answer, even when nothing is there to take its place.
    private async Task LeaveWhatIsForbiddenAsync(CancellationToken cancellationToken)
    {
        if (_believed is { } trust && _releases.Forbidden(trust.Policy) is { } refusal)
        {
            _logger.Withdrawn(_slot.Current!.Number, refusal.Reason, refusal.Detail);
            await ReturnToLastGoodAsync(trust, ModelChangeCause.Fallback, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReturnToLastGoodAsync(NodeTrust trust, ModelChangeCause cause, CancellationToken cancellationToken)
    {
        LoadedRelease? before = _slot.Current;
        List<Refusal> refusals = await _releases.ReturnToLastGoodAsync(trust, cancellationToken).ConfigureAwait(false);
        refusals.ForEach(Note);
        TellOfChange(before, cause);
    }

    private void TellOfChange(LoadedRelease? before, ModelChangeCause cause)
    {
        LoadedRelease? now = _slot.Current;
        if (ReferenceEquals(now, before))
        {
            return;
        }

        if (now is null)
        {
            _logger.NothingAnswers();
        }
        else
        {
            _logger.Activated(now.Number, string.Join(", ", now.Scorers.Values.Select(s => $"{s.Version.Name} {s.Version.Version}")), cause);
        }

        _events.Raise(ModelChanged, this, new ModelChangedEventArgs(now?.Number ?? 0, cause, LoadedRelease.Changes(before, now)));
    }

    private void NoteUnlessEmpty(Refusal? refusal)
    {
        if (refusal is not null && IsEmptyChannel(refusal))
        {
            _logger.NothingPublished(_options.Channel);
        }
        else if (refusal is not null)
        {
            Note(refusal);
        }
    }

    private void Note(Refusal refusal)
    {
        if (_refusals.Add(refusal) is { } report)
        {
            _logger.Refused(refusal.Reason, refusal.Subject, refusal.Detail);
            _events.Raise(Refused, this, new RefusedEventArgs(report));
        }
    }

    // A relay that is new has no channel to follow yet: nothing to warn of while this node runs nothing.
    private bool IsEmptyChannel(Refusal refusal) => _slot.Current is null
        && refusal.Reason == RefusalReason.UnlistedTarget && refusal.Subject == TargetPaths.Channel(_options.Channel);

    private void WarnWhenStale()
    {
        if (IsStale)
        {
            _logger.Stale(_believed!.ExpiresAt);
        }
    }
}
