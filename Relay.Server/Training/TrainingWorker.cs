using System.Diagnostics;
using Relay.Server.Signing;
using Relay.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Training;

/// <summary>Runs one training run at a time, on a thread of its own below the threads that answer nodes.</summary>
internal sealed partial class TrainingWorker(
    TrainingQueue queue, TrainingRunStore runs, TrainingRunFeed feed, TrainingExecution execution, ILogger<TrainingWorker> log)
    : BackgroundService, IAsyncDisposable
{
    private const string SigningProblem = "Signing";

    /// <summary>The engine looks for a cancellation at least every second; this leaves it room.</summary>
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int recovered = runs.Recover();
        if (recovered > 0)
        {
            LogRecovered(recovered);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            ClaimedRun run = await queue.TakeAsync(stoppingToken);
            await RunAsync(run, stoppingToken);
            feed.Close(run.Id);

            // What the end of the relay interrupts is queued again, and goes on from its checkpoint.
            if (!stoppingToken.IsCancellationRequested)
            {
                execution.Forget(run);
            }
        }
    }

    /// <summary>An in-process stop that does not wait must still not leave a thread that writes to the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(CancelLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Dispose();
    }

    private async Task RunAsync(ClaimedRun run, CancellationToken stoppingToken)
    {
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using IDisposable registration = queue.Register(run.Id, cancellation);

        // A cancel that came between the claim and the registration has only reached the row.
        if (runs.IsCancelRequested(run.Id))
        {
            runs.Cancel(run.Id);
            return;
        }

        LogStarted(run.Id, run.Spec.Name);
        long began = Stopwatch.GetTimestamp();
        try
        {
            int? version = await OnOwnThread(() => execution.Run(run, cancellation.Token));
            if (version is { } made)
            {
                LogSucceeded(run.Id, run.Spec.Name, made, Stopwatch.GetElapsedTime(began).TotalSeconds);
            }
            else
            {
                runs.Cancel(run.Id);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            runs.Requeue(run.Id);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            runs.Cancel(run.Id);
            LogCancelled(run.Id);
        }
        catch (TrainingException e)
        {
            runs.Fail(run.Id, new TrainingProblem(e.Fault.ToString(), e.Message));
            LogFailed(run.Id, e.Fault, e.Message);
        }
        catch (SigningException e)
        {
            runs.Fail(run.Id, new TrainingProblem(SigningProblem, e.Message));
            LogUnsigned(run.Id, e.Message);
        }
        catch (Exception e)
        {
            // One run must not take the worker with it, whatever it met: a full disk, a lack of memory, a bug.
            runs.Fail(run.Id, new TrainingProblem("Internal", "The relay failed at this run; its log says why."));
            LogBroken(e, run.Id);
        }
    }

    private static Task<T> OnOwnThread<T>(Func<T> work)
    {
        TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        })
        {
            Name = "training",
            IsBackground = true,
            Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
        return completion.Task;
    }

    [LoggerMessage(1200, LogLevel.Information, "Training run {Run} of {Model} started")]
    private partial void LogStarted(long run, string model);

    [LoggerMessage(1201, LogLevel.Information, "Training run {Run} made {Model} version {Version} in {Seconds:F1} s")]
    private partial void LogSucceeded(long run, string model, int version, double seconds);

    [LoggerMessage(1202, LogLevel.Information, "Training run {Run} was cancelled")]
    private partial void LogCancelled(long run);

    [LoggerMessage(1203, LogLevel.Warning, "Training run {Run} failed, {Fault}: {Detail}")]
    private partial void LogFailed(long run, TrainingFault fault, string detail);

    [LoggerMessage(1204, LogLevel.Error, "Training run {Run} failed in the relay")]
    private partial void LogBroken(Exception exception, long run);

    [LoggerMessage(1206, LogLevel.Error, "Training run {Run} could not be signed: {Detail}")]
    private partial void LogUnsigned(long run, string detail);

    [LoggerMessage(1205, LogLevel.Information, "{Count} training runs that an end of the process had interrupted are queued again")]
    private partial void LogRecovered(int count);
}
