using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Platform.Threads;

namespace Relay.Server.Training;

/// <summary>The progress of training runs, in memory only, and its followers.</summary>
internal sealed class TrainingRunFeed(TrainingRunStore runs, RunOwner owner, TimeProvider timeProvider)
{
    /// <summary>A follower receives at most ten events per second, however many rounds the engine computes.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it looks for changes of runs of other processes.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<long, TrainingProgress> _progress = new();
    private readonly ConcurrentDictionary<Channel<bool>, long> _followers = new();
    private readonly PoolHandover _pool = PoolHandover.Instance;

    /// <summary>Called on the run's thread, which is below normal priority: another thread wakes the followers.</summary>
    public void Report(long id, TrainingProgress progress)
    {
        _progress[id] = progress;
        if (!_followers.IsEmpty)
        {
            _pool.Queue(() => Announce(id));
        }
    }

    /// <summary>How far a run of this process is; null when it has not said so.</summary>
    public TrainingProgress? FindProgress(long id) => _progress.GetValueOrDefault(id);

    /// <summary>Removes the progress of a run that has ended; the store has its state.</summary>
    public void Close(long id)
    {
        _progress.TryRemove(id, out _);
        Announce(id);
    }

    /// <summary>Wakes the followers of a run, which read it again.</summary>
    public void Announce(long id)
    {
        foreach ((Channel<bool> follower, long followed) in _followers)
        {
            if (followed == id)
            {
                follower.Writer.TryWrite(true);
            }
        }
    }

    public TrainingRun? Find(long id) => runs.Find(id) is { } run ? WithProgress(run) : null;

    public TrainingRun WithProgress(TrainingRun run) =>
        run.State is TrainingRunState.Running && _progress.TryGetValue(run.Id, out TrainingProgress? at)
            ? run with { Stage = at.Stage, Done = at.Done, Total = at.Total }
            : run;

    /// <summary>The run now and after each change, until it ends. A cancellation ends the sequence without an exception: followers
    /// disconnect all the time.</summary>
    public async IAsyncEnumerable<TrainingRun> Follow(long id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One pending wake-up is enough: a follower reads the newest state, and a slow one skips the ones between.
        Channel<bool> wakeUps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using CancellationTokenRegistration leaving = cancellationToken.Register(() => wakeUps.Writer.TryComplete());
        _followers[wakeUps] = id;
        try
        {
            TrainingRun? last = null;
            Task<bool>? woken = null;
            while (Find(id) is { } run)
            {
                if (run != last)
                {
                    yield return last = run;
                }

                if (run.IsFinished)
                {
                    yield break;
                }

                // A run of another process wakes no one here.
                woken ??= wakeUps.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
                await Task.WhenAny(woken, owner.IsShared ? Task.Delay(LookAgain, timeProvider, CancellationToken.None) : woken);
                if (woken.IsCompleted)
                {
                    if (!await woken)
                    {
                        yield break;
                    }

                    woken = null;
                    wakeUps.Reader.TryRead(out _);
                }

                await Task.Delay(Spacing, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _followers.TryRemove(wakeUps, out _);
        }
    }
}
