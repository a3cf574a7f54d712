namespace Sync.Client.Push;

/// <summary>Decides when the next update of a node starts: at its next poll, or earlier by a hint. While an event stream lives and the node is
/// up to date, polls are further apart. All times are elapsed times. For any thread.</summary>
/// <param name="pollInterval">Of the node's options at this moment.</param>
/// <param name="timeProvider">Measures elapsed time.</param>
internal sealed class UpdateSchedule(Func<TimeSpan> pollInterval, TimeProvider timeProvider)
{
    private static readonly TimeSpan MaximumSpread = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly long _start = timeProvider.GetTimestamp();
    private readonly HintLimiter _limiter = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _pollAt;
    private TimeSpan? _hintAt;
    private TimeSpan? _streamPace;
    private long _hinted;
    private long _held;

    private TimeSpan Now => timeProvider.GetElapsedTime(_start);

    /// <summary>The stream lives: the relay has sent an event. Polls are then so far apart.</summary>
    public void SlowDown(TimeSpan pace)
    {
        lock (_gate)
        {
            _streamPace = pace;
        }
    }

    /// <summary>The stream ended: the next poll comes within one interval, at a random time, since many nodes may have lost theirs at once.</summary>
    public void StreamEnded()
    {
        lock (_gate)
        {
            _streamPace = null;
            TimeSpan soon = Now + (pollInterval() * Random.Shared.NextDouble());
            _pollAt = soon < _pollAt ? soon : _pollAt;
            RaiseChanged();
        }
    }

    /// <summary>Starts an update now: the options have changed.</summary>
    public void PollNow()
    {
        lock (_gate)
        {
            _pollAt = Now;
            RaiseChanged();
        }
    }

    /// <summary>Starts an update within the spread, unless this node has that version.</summary>
    public void Hint(long version, TimeSpan spread)
    {
        lock (_gate)
        {
            if (version <= _held)
            {
                return;
            }

            _hinted = Math.Max(_hinted, version);
            TimeSpan at = Now + ((spread < MaximumSpread ? spread : MaximumSpread) * Random.Shared.NextDouble());
            TimeSpan earliest = _limiter.EarliestAt(Now);
            at = at > earliest ? at : earliest;
            _hintAt = _hintAt is { } before && before < at ? before : at;
            RaiseChanged();
        }
    }

    /// <summary>Plans the next poll after an update.</summary>
    /// <param name="held">The version of the timestamp that the node has now; 0 for none.</param>
    /// <param name="isThrough">True when nothing was refused.</param>
    /// <param name="asked">The pace that the relay asked for with its answer; zero for none.</param>
    public void UpdateEnded(long held, bool isThrough, TimeSpan asked)
    {
        lock (_gate)
        {
            _held = held;
            if (_hinted <= held)
            {
                _hintAt = null;
            }

            // What was hinted and did not come, or was refused, is tried again at the usual pace.
            TimeSpan slowed = isThrough && _hinted <= held && _streamPace is { } pace && pace > asked ? pace : asked;
            _pollAt = Now + (PollPace.Slow(pollInterval(), slowed) * (0.8 + (0.4 * Random.Shared.NextDouble())));
        }
    }

    /// <summary>Completes when the next update is due.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (TimeSpan left, Task changed) = Next();
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Task.Delay(left, timeProvider, over.Token), changed).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    private (TimeSpan Left, Task Changed) Next()
    {
        lock (_gate)
        {
            TimeSpan now = Now;
            TimeSpan at = _hintAt is { } hint && hint < _pollAt ? hint : _pollAt;
            if (at <= now)
            {
                if (_hintAt <= now)
                {
                    _limiter.Take(now);
                }

                _hintAt = null;
            }

            return (at - now, _changed.Task);
        }
    }

    private void RaiseChanged()
    {
        _changed.TrySetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
