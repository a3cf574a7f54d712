using System.Data.Common;
using Relay.Training;

namespace Relay.Server.Training;

/// <summary>What processes learn of each other's runs by the database: how far one is, and that it is to end.</summary>
internal sealed class SharedRuns(TrainingRunStore runs, TrainingRunFeed feed, RunOwner owner, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Tells and looks until the result is disposed.</summary>
    /// <param name="cancellation">Is cancelled when the run is to end.</param>
    public RunWatch Watch(long run, CancellationTokenSource cancellation) =>
        new(end => owner.IsShared ? WatchAsync(run, cancellation, end) : Task.CompletedTask);

    private async Task WatchAsync(long run, CancellationTokenSource cancellation, CancellationToken cancellationToken)
    {
        TrainingProgress? told = null;
        using PeriodicTimer timer = new(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                if (feed.FindProgress(run) is { } at && at != told)
                {
                    runs.StoreProgress(run, at);
                    told = at;
                }

                if (runs.IsToEnd(run))
                {
                    await cancellation.CancelAsync();
                }
            }
            catch (DbException)
            {
                // The end of the run is stored when the database can be written again, and says it.
            }
        }
    }
}
