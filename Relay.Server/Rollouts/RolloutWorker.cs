using Relay.Server.Workers;

namespace Relay.Server.Rollouts;

/// <summary>Decides on the rollouts that run, soon after new evidence and as time passes. It first completes what a killed relay left. Any error
/// is logged when it begins and when it ends, and the next round tries again.</summary>
internal sealed partial class RolloutWorker(
    RolloutStore store, RolloutDirector director, RolloutSignal signal, ListeningTime listening, TimeProvider timeProvider,
    ILogger<RolloutWorker> log) : RelayWorker
{
    // Reports come in bursts: after the first of them there is one decision for all others. A report after a quiet time is decided on at once.
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<long, string> _failing = [];
    private bool _isStoreFailing;
    private long _decidedAt;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            listening.Since(timeProvider.GetUtcNow());
            await DecideAllAsync(stoppingToken);
            await signal.WaitAsync(Interval, timeProvider, stoppingToken);
            await Task.Delay(RestOfDebounce(), timeProvider, stoppingToken);
        }
    }

    private TimeSpan RestOfDebounce()
    {
        TimeSpan rest = Debounce - timeProvider.GetElapsedTime(_decidedAt);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private async Task DecideAllAsync(CancellationToken cancellationToken)
    {
        _decidedAt = timeProvider.GetTimestamp();
        foreach (Rollout rollout in ListRunning(cancellationToken))
        {
            try
            {
                Log(rollout, await director.DecideAsync(rollout.Id, cancellationToken));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Not the message, which may name another temporary file each time.
                string error = e.GetType().Name;
                if (_failing.GetValueOrDefault(rollout.Id) != error)
                {
                    _failing[rollout.Id] = error;
                    LogFailed(e, rollout.Id, rollout.Channel);
                }
            }
        }
    }

    private IReadOnlyList<Rollout> ListRunning(CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<Rollout> running = store.ListRunning();
            _isStoreFailing = false;
            return running;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isStoreFailing)
            {
                _isStoreFailing = true;
                LogUnreadable(e);
            }

            return [];
        }
    }

    private void Log(Rollout before, Rollout now)
    {
        if (_failing.Remove(now.Id))
        {
            LogRecovered(now.Id, now.Channel);
        }

        if (now.WaitsFor is { } reason && reason != before.WaitsFor)
        {
            LogWaits(now.Id, now.Channel, reason);
        }

        if (now.Outcome != before.Outcome)
        {
            LogEnded(now.Id, now.Channel, now.Outcome);
        }
    }

    [LoggerMessage(1600, LogLevel.Error, "Rollout {Rollout} on channel {Channel} cannot go on; the relay tries again each second")]
    private partial void LogFailed(Exception exception, long rollout, string channel);

    [LoggerMessage(1601, LogLevel.Information, "Rollout {Rollout} on channel {Channel} goes on")]
    private partial void LogRecovered(long rollout, string channel);

    [LoggerMessage(1602, LogLevel.Warning, "Rollout {Rollout} on channel {Channel} waits: {Reason}")]
    private partial void LogWaits(long rollout, string channel, string reason);

    [LoggerMessage(1603, LogLevel.Warning, "Rollout {Rollout} on channel {Channel} has ended: {Outcome}")]
    private partial void LogEnded(long rollout, string channel, RolloutOutcome outcome);

    [LoggerMessage(1604, LogLevel.Error, "The rollouts cannot be read; the relay tries again each second")]
    private partial void LogUnreadable(Exception exception);
}
