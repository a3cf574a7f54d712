using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Relay.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Training;

/// <summary>The live side of training runs: progress, which is not worth a write to disk, and its followers.</summary>
internal sealed class TrainingRunFeed(TrainingRunStore runs, TimeProvider time)
{
    /// <summary>A follower gets at most ten views a second, however many rounds the engine does.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<long, TrainingProgress> _progress = new();
    private readonly ConcurrentDictionary<Channel<bool>, long> _followers = new();

    public void Report(long id, TrainingProgress progress)
    {
        _progress[id] = progress;
        Announce(id);
    }

    /// <summary>The run is no longer running; its state on disk says what became of it.</summary>
    public void Close(long id)
    {
        _progress.TryRemove(id, out _);
        Announce(id);
    }

    /// <summary>Tells the followers of a run to look again.</summary>
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

    public TrainingRun WithProgress(TrainingRun run) => run.State is TrainingRunState.Running && _progress.TryGetValue(run.Id, out TrainingProgress? at)
        ? run with { Stage = at.Stage, Done = at.Done, Total = at.Total }
        : run;

    /// <summary>The run now and after each change, up to and with its end. A cancellation ends it early and in order: followers
    /// leave all the time, and that is no error.</summary>
    public async IAsyncEnumerable<TrainingRun> Follow(long id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One pending wake-up is enough: a follower reads the newest state, and a slow one skips the ones between.
        Channel<bool> wakeUps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using CancellationTokenRegistration leaving = cancellationToken.Register(() => wakeUps.Writer.TryComplete());
        _followers[wakeUps] = id;
        try
        {
            TrainingRun? last = null;
            while (Find(id) is { } run)
            {
                if (run != last)
                {
                    yield return last = run;
                }

                if (run.IsFinished || !await wakeUps.Reader.WaitToReadAsync(CancellationToken.None))
                {
                    yield break;
                }

                wakeUps.Reader.TryRead(out _);
                await Task.Delay(Spacing, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _followers.TryRemove(wakeUps, out _);
        }
    }
}
