using System.Data.Common;
using Relay.Server.Storage;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Stores the ends of training runs, as soon as the database can be written. When the relay stops before, its next start queues the
/// run again.</summary>
internal sealed partial class TrainingRunEnding(
    TrainingRunStore runs, TrainingRunFeed feed, StorageHealth storage, TimeProvider timeProvider, ILogger<TrainingRunEnding> log)
{
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    public Task CancelAsync(long run, CancellationToken cancellationToken) => StoreAsync(run, () => runs.Cancel(run), cancellationToken);

    public Task FailAsync(long run, TrainingProblem problem, CancellationToken cancellationToken) => FailAsync(run, problem, null, cancellationToken);

    /// <param name="gates">What the gates said, where one of them refused the model.</param>
    public Task FailAsync(long run, TrainingProblem problem, IReadOnlyList<GateResult>? gates, CancellationToken cancellationToken) =>
        StoreAsync(run, () => runs.Fail(run, problem, gates), cancellationToken);

    private async Task StoreAsync(long run, Action store, CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                store();
                return;
            }
            catch (DbException e)
            {
                storage.Report(e);
                if (isFirst)
                {
                    feed.Report(run, new TrainingProgress("store", 0, null));
                    LogWaiting(e, run);
                }
            }

            await Task.Delay(RetryDelay, timeProvider, cancellationToken);
        }
    }

    [LoggerMessage(1211, LogLevel.Error, "The end of training run {Run} cannot be stored; the relay tries again every few seconds")]
    private partial void LogWaiting(Exception exception, long run);
}
