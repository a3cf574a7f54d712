using System.Data.Common;
using Relay.Server.Storage;
using Relay.Server.Training.Records;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Stores the ends of training runs, as soon as the database can be written. When the relay stops before, its next start queues the
/// run again.</summary>
internal sealed partial class TrainingRunEnding(
    TrainingRunStore runs, StorageHealth storage, TimeProvider timeProvider, ILogger<TrainingRunEnding> log)
{
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>Ends the work of this process on a run: the run was cancelled, or another process has it.</summary>
    /// <returns>False where another process has it: the run goes on there.</returns>
    public async Task<bool> CancelAsync(RunRecord run, CancellationToken cancellationToken)
    {
        bool? isCancelled = null;
        await StoreAsync(
            run,
            () =>
            {
                if (isCancelled is null)
                {
                    isCancelled = runs.IsCancelRequested(run.Run);
                    run.WriteEnd(isCancelled.Value
                        ? $"Cancelled after {run.Elapsed()}, as was requested; no version is stored."
                        : $"This process stops after {run.Elapsed()}: another has the run now.");
                }

                runs.Cancel(run.Run);
            },
            cancellationToken);
        if (isCancelled is true)
        {
            LogCancelled(run.Run);
            return true;
        }

        LogTakenOver(run.Run);
        return false;
    }

    public Task FailAsync(RunRecord run, TrainingProblem problem, CancellationToken cancellationToken) =>
        FailAsync(run, problem, null, cancellationToken);

    /// <param name="gates">What the gates said, where one of them refused the model.</param>
    public Task FailAsync(RunRecord run, TrainingProblem problem, IReadOnlyList<GateResult>? gates, CancellationToken cancellationToken)
    {
        GateLines.Write(run, gates);
        run.WriteEnd($"Failed after {run.Elapsed()}, {problem.Fault}: {problem.Detail}");
        return StoreAsync(run, () => runs.Fail(run.Run, problem, gates), cancellationToken);
    }

    private async Task StoreAsync(RunRecord run, Action store, CancellationToken cancellationToken)
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
                    run.Report(new TrainingProgress("store", 0, null));
                    LogWaiting(e, run.Run);
                }
            }

            await Task.Delay(RetryDelay, timeProvider, cancellationToken);
        }
    }

    [LoggerMessage(1202, LogLevel.Information, "Training run {Run} was cancelled")]
    private partial void LogCancelled(long run);

    [LoggerMessage(
        1215, LogLevel.Warning,
        "Training run {Run} is another process's now, which took it up while this one did not reach the database: this one stores nothing of it")]
    private partial void LogTakenOver(long run);

    [LoggerMessage(1211, LogLevel.Error, "The end of training run {Run} cannot be stored; the relay tries again every few seconds")]
    private partial void LogWaiting(Exception exception, long run);
}
