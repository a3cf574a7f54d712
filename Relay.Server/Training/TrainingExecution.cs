using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.Server.Telemetry;
using Relay.Server.Training.Records;
using Relay.Training;
using Relay.Training.Engines;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Relay.Server.Training;

/// <summary>Executes one run, from its rows to its signed version, on the caller's thread.</summary>
internal sealed partial class TrainingExecution(
    TrainingRows rows, VersionStore versions, ArtifactStore artifacts, ArtifactSigner signer, TrainingRunStore runs,
    DataFolder folder, RepositoryCache repository, IncumbentFinder incumbents, EngineCatalog engines, TrainingPipeline pipeline,
    ImportExecution imports, ILogger<TrainingExecution> logger)
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(10);

    /// <returns>The version; null if the run was cancelled before it was stored.</returns>
    /// <exception cref="TrainingException">The data is invalid, or a gate refuses the model.</exception>
    public int? Run(ClaimedRun run, RunRecord record, CancellationToken cancellationToken)
    {
        // A database that began anew knows no versions, and the repository still lists those that were published.
        int version = Math.Max(versions.NextVersion(run.Spec.Name), repository.HighestVersionOf(run.Spec.Name) + 1);
        if (run.Data.Import is { File: var file })
        {
            record.Write($"Imports {file}; held out: {run.Data.Test}.");
        }

        TrainedModel trained = run.Data.Import is { } import
            ? imports.Run(run, import, version, record, cancellationToken)
            : Train(run, version, record, cancellationToken);

        foreach (string warning in trained.Card.Train.Warnings ?? [])
        {
            LogData(run.Id, warning);
            record.Write($"Warning: {warning}");
        }

        GateLines.Write(record, trained.Card.Gates);
        foreach (GateResult gate in trained.Card.Gates ?? [])
        {
            if (gate.Verdict is GateVerdict.Warn)
            {
                LogGateWarning(run.Id, gate.Name, gate.Detail);
            }
            else if (gate.Accepted is { } why)
            {
                LogGateAccepted(run.Id, gate.Name, gate.Detail, why);
            }
        }

        if (trained.UnsupportedByManagedScorer is { } reason)
        {
            LogNeedsOnnxRuntime(run.Id, run.Spec.Name, version, reason);
            record.Write($"Warning: the managed scorer does not run the model, nodes need ONNX Runtime: {reason}");
        }

        ModelCard card = trained.Card with { SchemaChange = FindSchemaChange(trained.Card) };
        if (card.SchemaChange is { } change)
        {
            string differences = SchemaComparison.Join(change.Differences);
            LogSchemaChange(run.Id, run.Spec.Name, version, change.Since, differences);
            record.Write($"Warning: another schema than version {change.Since}, apps that were built for that one refuse it: {differences}");
        }

        record.Report(new TrainingProgress("sign", 0, null));
        byte[] signature = RelayTraces.Run("sign", () => signer.Sign(trained.Artifact));
        cancellationToken.ThrowIfCancellationRequested();

        // Files first, the row last: a kill in between leaves files without a row, which 'relay gc' removes.
        artifacts.Put(trained.Artifact);
        string signatureSha256 = artifacts.Put(signature);
        record.WriteEnd(RunLines.Describe(card, record.Elapsed()));
        return runs.Succeed(new NewVersion(run.Id, card, signatureSha256)) ? version : null;
    }

    private TrainedModel Train(ClaimedRun run, int version, RunRecord record, CancellationToken cancellationToken)
    {
        using OpenedRows opened = rows.Open(run, cancellationToken);
        IncumbentModel? incumbent = incumbents.Find(run.Spec.Name);
        record.Write(RunLines.Describe(run, opened));
        record.Write(RunLines.Describe(incumbent));
        TrainingJob job = new(run.Spec, version, opened.Origin)
        {
            Incumbent = incumbent,
            Accepted = run.Reasons,
            Checkpoint = engines.KeepsCheckpoints(run.Spec) ? new(FetchCheckpoint(run)) { Interval = CheckpointInterval } : null,
        };
        TrainedModel trained = pipeline.Run(job, record, cancellationToken);
        return opened.Use is { } use ? trained with { Card = trained.Card with { Dataset = use } } : trained;
    }

    private SchemaDifference? FindSchemaChange(ModelCard card) =>
        versions.FindBefore(card.Name, card.Version) is { } before
        && SchemaComparison.FindDifferences(before.Card.Schema, card.Schema) is { Count: > 0 } differences
            ? new SchemaDifference(before.Card.Version, differences)
            : null;

    /// <summary>Deletes the checkpoint of a run that has ended.</summary>
    public void DeleteCheckpoint(ClaimedRun run) => new DurableFiles().Delete(CheckpointFile(run));

    // A process on another machine may have had the run before.
    private string FetchCheckpoint(ClaimedRun run)
    {
        string file = CheckpointFile(run);
        FileJournals.Find(file)?.TryFetch(file);
        return file;
    }

    private string CheckpointFile(ClaimedRun run) => Path.Combine(folder.Checkpoints, $"{run.Id}");

    [LoggerMessage(
        1207, LogLevel.Warning, "Training run {Run}: the managed scorer does not run {Model} version {Version}, nodes need ONNX Runtime: {Reason}")]
    private partial void LogNeedsOnnxRuntime(long run, string model, int version, string reason);

    [LoggerMessage(1208, LogLevel.Warning, "Training run {Run}: {Warning}")]
    private partial void LogData(long run, string warning);

    [LoggerMessage(1212, LogLevel.Warning, "Training run {Run}: the gate {Gate} warns: {Detail}")]
    private partial void LogGateWarning(long run, string gate, string detail);

    [LoggerMessage(1213, LogLevel.Warning, "Training run {Run}: the gate {Gate} failed and was accepted: {Detail}. The reason given: {Reason}")]
    private partial void LogGateAccepted(long run, string gate, string detail, string reason);

    [LoggerMessage(
        1209, LogLevel.Warning,
        "Training run {Run}: {Model} version {Version} has another schema than version {Before}, apps that were built for " +
            "that one refuse it: {Differences}")]
    private partial void LogSchemaChange(long run, string model, int version, int before, string differences);
}
