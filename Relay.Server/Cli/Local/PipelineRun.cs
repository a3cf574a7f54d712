using Relay.Training;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Server.Cli.Local;

/// <summary>Runs the training pipeline in this process and shows its stages.</summary>
internal static class PipelineRun
{
    /// <summary>An engine that cannot be interrupted goes on without its command, which ends all the same.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(500);

    /// <summary>For a run that saves its state when it is stopped.</summary>
    private static readonly TimeSpan SaveTime = TimeSpan.FromSeconds(10);

    /// <exception cref="TrainingException">The data is invalid, or a gate refuses the model.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request, or when the checkpoint is saved.</exception>
    public static Task<TrainedModel> RunAsync(TrainingJob job, TextWriter output, CancellationToken cancellationToken) =>
        RunAsync(job, progress => Run(job, progress, cancellationToken), output, cancellationToken);

    /// <exception cref="TrainingException">The spec or the data is not good, or a gate on data refuses it.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public static Task<DataCheck> CheckAsync(TrainingJob job, TextWriter output, CancellationToken cancellationToken) =>
        RunAsync(
            job, progress => TrainingPipeline.CreateDefault().Check(job, progress, cancellationToken), output, cancellationToken);

    private static Task<T> RunAsync<T>(
        TrainingJob job, Func<IProgress<TrainingProgress>, T> work, TextWriter output, CancellationToken cancellationToken) =>
        StageDisplay.RunAsync(output, TimeProvider.System, async show =>
        {
            Task<T> run = Task.Factory.StartNew(
                () => work(new Stages(show)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            try
            {
                return await run.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Task stopped = run.WaitAsync(job.Checkpoint is null ? StopTime : SaveTime, TimeProvider.System, CancellationToken.None);
                await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        });

    // Several files are shards on threads of this process.
    private static TrainedModel Run(TrainingJob job, IProgress<TrainingProgress> stages, CancellationToken cancellationToken) =>
        job.Data is DataOrigin.Parts { TrainPaths.Count: > 1 and var files } && job.Shards.Size == 1
            ? ShardThreads.Run(files, shard => TrainingPipeline.CreateDefault().Run(
                job with { Shards = shard }, shard.Rank == 0 ? stages : null, cancellationToken))[0]
            : TrainingPipeline.CreateDefault().Run(job, stages, cancellationToken);

    /// <summary>Reports on the engine's thread and in order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Stages(ShowStage show) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => show(value.Stage, value.Done, value.Total);
    }
}
