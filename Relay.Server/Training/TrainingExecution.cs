using Relay.Server.Models;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.Training;
using Relay.Training.Engines;

namespace Relay.Server.Training;

/// <summary>One run from its rows to its signed version. Runs on the caller's thread for as long as it takes.</summary>
internal sealed class TrainingExecution(
    TrainingRows rows, VersionStore versions, ArtifactStore artifacts, ArtifactSigner signer, TrainingRunStore runs, TrainingRunFeed feed,
    DataFolder folder)
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(10);

    /// <returns>The version; null when the run was cancelled at the last moment.</returns>
    /// <exception cref="TrainingException">The data or the result is not good.</exception>
    public int? Run(ClaimedRun run, CancellationToken cancellationToken)
    {
        ProgressReporter progress = new(run.Id, feed);
        int version = versions.NextVersion(run.Spec.Name);
        TrainingJob job = new(run.Spec, version, rows.Open(run, progress, cancellationToken))
        {
            Checkpoint = EngineCatalog.KeepsCheckpoints(run.Spec) ? new(CheckpointOf(run)) { Interval = CheckpointInterval } : null,
        };
        TrainedModel trained = TrainingPipeline.Run(job, progress, cancellationToken);

        progress.Report(new TrainingProgress("sign", 0, null));
        byte[] signature = signer.Sign(trained.Artifact);
        cancellationToken.ThrowIfCancellationRequested();

        // Files first, the row last: a kill in between leaves files that nobody names, and the next start removes them.
        artifacts.Put(trained.Artifact);
        string signatureSha256 = artifacts.Put(signature);
        return runs.Succeed(new NewVersion(run.Id, trained.Card, signatureSha256)) ? version : null;
    }

    /// <summary>Deletes what a run has learned, once nobody will go on with it.</summary>
    public void Forget(ClaimedRun run) => File.Delete(CheckpointOf(run));

    private string CheckpointOf(ClaimedRun run) => Path.Combine(folder.Checkpoints, $"{run.Id}");

    /// <summary>Unlike <see cref="Progress{T}"/> it reports on the engine's thread, in order.</summary>
    private sealed class ProgressReporter(long id, TrainingRunFeed feed) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => feed.Report(id, value);
    }
}
