using System.Security.Cryptography;
using Google.Protobuf;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Evaluation;
using Relay.Training.Export;
using Relay.Training.Gates;
using Relay.Training.Gates.Incumbents;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Relay.Training.Specs;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training;

/// <summary>Trains a model and proves it: load, check, split, fit, evaluate, export, prove parity, package, gate. A step that
/// fails, or a gate that no person accepted, ends the run, and no file comes of it.</summary>
/// <param name="engines">The engines that specs can name.</param>
public sealed class TrainingPipeline(EngineCatalog engines)
{
    private readonly ModelFitter _fitter = new(engines);

    /// <summary>A pipeline with all engines of this library.</summary>
    public static TrainingPipeline CreateDefault() => new(EngineCatalog.CreateDefault());

    /// <summary>Runs on the caller's thread, and on as many others as the engine uses. The same job gives the same bytes.</summary>
    /// <param name="progress">Receives the stage of the run; may be called from any thread.</param>
    /// <exception cref="TrainingException">The spec, the data or the result is not good; <see cref="TrainingException.Fault"/>.</exception>
    /// <exception cref="OperationCanceledException">Within about a second of the request.</exception>
    public TrainedModel Run(
        TrainingJob job, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(job.Version, 1, nameof(job));
        SpecChecks.Require(job.Spec, engines);
        GateCatalog.RequireAccepted(job.Accepted);
        LoadedData data = Load(job, progress, cancellationToken);
        GateRunner gates = new(job.Accepted);
        GateContext subject = new(job.Spec, data, job.Incumbent is { } incumbent ? new IncumbentScores(incumbent, data, cancellationToken) : null);
        gates.Run(GateCatalog.OfData, subject, cancellationToken);
        FittedModel fitted = _fitter.Fit(job.Spec, data, job.Checkpoint, progress, cancellationToken);

        TrainingSet test = data.Encoder.Encode(data.Test);
        progress?.Report(new TrainingProgress("evaluate", 0, test.RowCount));
        Predictions trainer = fitted.Score(test.Columns, cancellationToken);
        HeldOutEvaluation.RequireFinite(fitted, trainer, data.Test);
        ModelMetrics metrics = HeldOutEvaluation.Measure(fitted, trainer, data.Train, test, data.Test);
        progress?.Report(new TrainingProgress("evaluate", test.RowCount, test.RowCount));

        progress?.Report(new TrainingProgress("export", 0, 1));
        // The held-out rows, because those of training may be there as bins only.
        ModelProto graph = OnnxGraphWriter.Write(fitted.WithLeafCounts(test.Columns, cancellationToken));
        using OnnxSession session = new(graph.ToByteArray(), fitted.Schema);
        progress?.Report(new TrainingProgress("export", 1, 1));

        ParityReport parity = MeasureParity(session, fitted.ToParityReference(trainer), data.Test, progress, cancellationToken);

        progress?.Report(new TrainingProgress("package", 0, null));
        (IReadOnlyList<DataColumn> columns, int rows) = GoldenRows.Choose(data.Test, trainer, fitted);
        GoldenVectors golden = GoldenCheck.Answer(session, columns, rows, fitted.Schema, fitted.Offset);
        ArtifactDescription description = new()
        {
            Name = job.Spec.Name,
            Version = job.Version,
            Schema = fitted.Schema,
            SchemaHash = fitted.Schema.Hash(),
            Golden = golden,
            Metrics = metrics,
            DataDigest = data.Summary.Sha256,
            Offset = fitted.Offset,
        };
        (byte[] artifact, ArtifactDescription read) = ArtifactBuilder.BuildUnproved(graph, description);

        progress?.Report(new TrainingProgress("gate", 0, null));
        gates.Run(
            GateCatalog.OfModel, subject with { Candidate = new Candidate(fitted, trainer, test, metrics, parity, artifact, read.Golden) }, cancellationToken);
        TrainedModel model = new(artifact, Card(job, data, fitted, artifact, metrics, parity) with { Gates = gates.Results })
        {
            UnsupportedByManagedScorer = ManagedScorerCheck.FindUnsupported(artifact, fitted.Schema),
        };
        if (job.Checkpoint is { } checkpoint)
        {
            File.Delete(checkpoint.Path);
        }

        return model;
    }

    private static ModelCard Card(
        TrainingJob job, LoadedData data, FittedModel fitted, byte[] artifact, ModelMetrics metrics, ParityReport parity) => new()
        {
            Name = job.Spec.Name,
            Version = job.Version,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(artifact)),
            SizeBytes = artifact.Length,
            Spec = job.Spec,
            Schema = fitted.Schema,
            SchemaHash = fitted.Schema.Hash(),
            Train = data.Summary,
            Test = data.Test.Summary,
            Metrics = metrics,
            Parity = parity,
            TreeCount = fitted.TreeCount,
            NodeCount = fitted.NodeCount,
            Importance = fitted.Importance is { } shares
                ? [.. fitted.Encodings.Zip(shares, (input, share) => new FeatureImportance(input.Name, share)).OrderByDescending(i => i.Share)]
                : null,
        };

    private LoadedData Load(TrainingJob job, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (job.Shards.Size > 1 && (job.Data is DataOrigin.Rows || !_fitter.TakesBins(job.Spec)))
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec,
                $"spec, engine {job.Spec.Engine}, algorithm {job.Spec.Algorithm}: shards train gradient-boosting and random-forest of the managed engine, from files and without a scaler");
        }

        if (job.Data is not DataOrigin.Rows rows)
        {
            DataSource source = SourceOf(job);
            return _fitter.TakesBins(job.Spec)
                ? DataLoader.LoadBinned(source, job.Shards, progress: progress, cancellationToken: cancellationToken)
                : LoadedData.FromSplit(DataLoader.Load(source, progress, cancellationToken));
        }

        DataChecks.Require(rows.Train, job.Spec);
        if (rows.Test.Rows == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{rows.Test.Summary.Source}: no held-out rows");
        }

        return rows.Test.Classes.SequenceEqual(rows.Train.Classes, StringComparer.Ordinal)
            ? LoadedData.FromSplit(new DataSplit(rows.Train, rows.Test))
            : throw new ArgumentException("The held-out rows do not have the classes of training.", nameof(job));
    }

    private static DataSource SourceOf(TrainingJob job)
    {
        if (job.Data is DataOrigin.Files files)
        {
            return new DataSource(job.Spec, files.TrainPath, files.TestPath, files.HeldOutShare);
        }

        DataOrigin.Parts parts = (DataOrigin.Parts)job.Data;
        return parts.TrainPaths.Count == job.Shards.Size
            ? new DataSource(job.Spec, parts.TrainPaths[job.Shards.Rank], parts.TestPath) { IsPart = true }
            : throw new TrainingException(
                TrainingFault.InvalidSpec,
                $"{parts.TrainPaths.Count} training files for {job.Shards.Size} processes: give one file, or one for each process");
    }

    private static ParityReport MeasureParity(
        OnnxSession session, Predictions trainer, DataSet test, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        ParityCheck.Compare(trainer, session.Predict(
            test.Columns, trainer.RowCount,
            rowsDone: done => progress?.Report(new TrainingProgress("prove", done, trainer.RowCount)), cancellationToken: cancellationToken));
}
