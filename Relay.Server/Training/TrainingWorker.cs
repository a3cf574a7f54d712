using System.Diagnostics;
using Relay.Server.Keys.Signers;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.Server.Telemetry;
using Relay.Server.Training.Records;
using Relay.Server.Workers;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Platform.Threads;

namespace Relay.Server.Training;

/// <summary>Runs one training run at a time, on threads of its own below the priority of those that answer nodes.</summary>
internal sealed partial class TrainingWorker(
    TrainingQueue queue, TrainingRunStore runs, TrainingRunFeed feed, RunRecords records, TrainingExecution execution, TrainingRunEnding ending,
    SharedRuns shared, StorageHealth storage, TrainingMeter meter, SigningMeter signing, RunMemory memory, RelayTraces traces,
    TimeProvider timeProvider, ILogger<TrainingWorker> log)
    : RelayWorker, IAsyncDisposable
{
    public const string ThreadName = "training";
    private const string SigningFailure = "Signing";
    private const string StorageFailure = "Storage";
    private const string InternalFailure = "Internal";

    /// <summary>The engine checks for cancellation every second; this leaves a margin.</summary>
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(10);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                queue.Recover();
                while (!stoppingToken.IsCancellationRequested)
                {
                    await RunNextAsync(stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // A worker that ends would stop the relay. A run whose end is not stored is recovered as after a restart.
                storage.Report(e);
                LogInterrupted(e);
                await Task.Delay(TrainingRunEnding.RetryDelay, timeProvider, stoppingToken);
            }
        }
    }

    private async Task RunNextAsync(CancellationToken stoppingToken)
    {
        ClaimedRun run = await memory.WaitAsync(queue.TakeAsync(stoppingToken), stoppingToken);
        try
        {
            await RunAsync(run, records.Open(run), stoppingToken);
        }
        finally
        {
            feed.Close(run.Id);
            memory.Hold();
        }

        // A run that the stop of the relay interrupts is queued again and continues from its checkpoint, and so does one that another process has.
        if (!stoppingToken.IsCancellationRequested && runs.Find(run.Id) is not { IsFinished: false })
        {
            execution.DeleteCheckpoint(run);
        }
    }

    /// <summary>Waits for the training thread, so that it does not write to the folder after an in-process stop.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(CancelLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Dispose();
    }

    private async Task RunAsync(ClaimedRun run, RunRecord record, CancellationToken stoppingToken)
    {
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using IDisposable registration = queue.Register(run.Id, cancellation);
        await using RunWatch watch = shared.Watch(run.Id, cancellation);

        // A cancellation between the claim and the registration is only in the store.
        if (runs.IsCancelRequested(run.Id))
        {
            await ending.CancelAsync(record, stoppingToken);
            return;
        }

        LogStarted(run.Id, run.Spec.Name);
        long began = Stopwatch.GetTimestamp();
        using Activity? span = traces.StartAfter("train", TraceStep.Run(run.Id));
        span?.SetTag("relay.run", run.Id).SetTag("relay.model", run.Spec.Name);
        void Measure(TrainingOutcome outcome) => meter.Record(outcome, Stopwatch.GetElapsedTime(began));
        void MeasureFailure(string fault)
        {
            Measure(TrainingOutcome.Failed);
            RelayTraces.Fail(span, fault);
        }

        async Task EndAsync()
        {
            if (await ending.CancelAsync(record, stoppingToken))
            {
                Measure(TrainingOutcome.Cancelled);
            }
        }

        try
        {
            if (run.UnknownMember is { } unknown)
            {
                throw new TrainingException(TrainingFault.InvalidSpec, unknown);
            }

            using BackgroundScheduler threads = new(ThreadName, Environment.ProcessorCount);
            int? version = await threads.RunAsync(() => execution.Run(run, record, cancellation.Token));
            if (version is { } created)
            {
                LogSucceeded(run.Id, run.Spec.Name, created, Stopwatch.GetElapsedTime(began).TotalSeconds);
                traces.Note(TraceStep.Version(run.Spec.Name, created), span);
                Measure(TrainingOutcome.Succeeded);
            }
            else
            {
                await EndAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            record.WriteEnd("The process stops: the run waits for the next one, and goes on from its last checkpoint where it has one.");
            runs.Requeue(run.Id);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await EndAsync();
        }
        catch (TrainingException e)
        {
            LogFailed(run.Id, e.Fault, e.Message);
            MeasureFailure(e.Fault.ToString());
            await ending.FailAsync(record, new(e.Fault.ToString(), e.Message), e.Gates, stoppingToken);
        }
        catch (SigningException e)
        {
            LogUnsigned(run.Id, e.Message);
            signing.CountFailure(SigningMeter.Model, e);
            MeasureFailure(SigningFailure);
            await ending.FailAsync(record, new(SigningFailure, e.Message), stoppingToken);
        }
        catch (Exception e)
        {
            // No failure of a run may end the worker: a full disk, lack of memory, a bug. The log comes first: it is what the problem
            // refers to, and the store may be what fails.
            storage.Report(e);
            LogUnexpected(e, run.Id);
            MeasureFailure(StorageHealth.IsStorageError(e) ? StorageFailure : InternalFailure);
            await ending.FailAsync(
                record,
                StorageHealth.IsStorageError(e)
                    ? new(StorageFailure, $"The relay could not store the model: {e.Message}")
                    : new(InternalFailure, "The relay failed during this run; its log has the cause."),
                stoppingToken);
        }
    }

    [LoggerMessage(1200, LogLevel.Information, "Training run {Run} of {Model} started")]
    private partial void LogStarted(long run, string model);

    [LoggerMessage(1201, LogLevel.Information, "Training run {Run} created {Model} version {Version} in {Seconds:F1} s")]
    private partial void LogSucceeded(long run, string model, int version, double seconds);

    [LoggerMessage(1203, LogLevel.Warning, "Training run {Run} failed, {Fault}: {Detail}")]
    private partial void LogFailed(long run, TrainingFault fault, string detail);

    [LoggerMessage(1204, LogLevel.Error, "Training run {Run} failed with an unexpected error")]
    private partial void LogUnexpected(Exception exception, long run);

    [LoggerMessage(1210, LogLevel.Error, "The relay cannot read or store the state of its training runs; it tries again every few seconds")]
    private partial void LogInterrupted(Exception exception);

    [LoggerMessage(1206, LogLevel.Error, "The relay could not sign the model of training run {Run}: {Detail}")]
    private partial void LogUnsigned(long run, string detail);
}
