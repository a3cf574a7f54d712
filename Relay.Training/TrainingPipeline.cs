using System.Security.Cryptography;
using Google.Protobuf;
using Relay.Training.Data;
using Relay.Training.Engines;
using Relay.Training.Ensembles;
using Relay.Training.Evaluation;
using Relay.Training.Onnx;
using Relay.Training.Packaging;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training;

/// <summary>Trains a model and proves it: load, check, split, fit, evaluate, export, prove parity, package. A step that fails
/// ends the run, and no file comes of it.</summary>
public static class TrainingPipeline
{
    /// <summary>Runs on the caller's thread, and on as many others as the engine takes. The same job gives the same bytes.</summary>
    /// <param name="progress">Hears where the run is; may be called from any thread.</param>
    /// <exception cref="TrainingException">The spec, the data or the result is not good; <see cref="TrainingException.Fault"/>.</exception>
    /// <exception cref="OperationCanceledException">Within about a second of the request.</exception>
    public static TrainedModel Run(
        TrainingJob job, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(job.Version, 1, nameof(job));
        SpecChecks.Require(job.Spec);
        IEnsembleTrainer engine = TrainerCatalog.Create(job.Spec);
        LoadedData data = Load(job, engine.TakesBins, progress, cancellationToken);
        TreeEnsemble ensemble = engine.Train(data.Train, job.Spec.Parameters, progress, cancellationToken);

        Predictions trainer = Evaluate(ensemble, data.Encoder.Encode(data.Test), progress, cancellationToken);
        ModelMetrics metrics = Evaluator.Evaluate(trainer, data.Test.Labels, data.Classes);

        progress?.Report(new TrainingProgress("export", 0, ensemble.Trees.Count));
        ModelProto graph = OnnxGraphWriter.Write(ensemble, data.Encoder.Encodings, data.Classes);
        using OnnxSession session = new(graph.ToByteArray(), data.Classes);
        progress?.Report(new TrainingProgress("export", ensemble.Trees.Count, ensemble.Trees.Count));

        ParityReport parity = ProveParity(session, trainer, data.Test, progress, cancellationToken);

        progress?.Report(new TrainingProgress("package", 0, null));
        (IReadOnlyList<DataColumn> columns, int rows) = GoldenRows.Choose(data.Test, trainer, ensemble, data.Encoder.Encodings);
        GoldenVectors golden = GoldenCheck.Answer(session, columns, rows, data.Classes);
        ModelSchema schema = new([.. job.Spec.Features], data.Classes, job.Spec.Label.Benign);
        ArtifactDescription description = new(
            job.Spec.Name, job.Version, schema, schema.Hash(), golden, metrics, data.Summary.Sha256);
        byte[] artifact = ArtifactBuilder.Build(graph, description);
        ModelCard card = new(
            job.Spec.Name, job.Version, Convert.ToHexStringLower(SHA256.HashData(artifact)), artifact.Length, job.Spec, schema,
            description.SchemaHash, data.Summary, data.Test.Summary, metrics, parity, ensemble.Trees.Count, ensemble.NodeCount);
        return new TrainedModel(artifact, card);
    }

    private static LoadedData Load(
        TrainingJob job, bool takesBins, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (job.Data is DataOrigin.Files files)
        {
            DataSource source = new(job.Spec, files.TrainPath, files.TestPath, files.HeldOutShare);
            return takesBins
                ? DataLoader.LoadBinned(source, progress: progress, cancellationToken: cancellationToken)
                : LoadedData.Of(DataLoader.Load(source, progress, cancellationToken));
        }

        DataOrigin.Rows rows = (DataOrigin.Rows)job.Data;
        DataChecks.Require(rows.Train, job.Spec);
        if (rows.Test.Rows == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{rows.Test.Summary.Source}: no held-out rows");
        }

        return rows.Test.Classes.SequenceEqual(rows.Train.Classes, StringComparer.Ordinal)
            ? LoadedData.Of(new DataSplit(rows.Train, rows.Test))
            : throw new ArgumentException("The held-out rows do not have the classes of training.", nameof(job));
    }

    private static Predictions Evaluate(
        TreeEnsemble ensemble, TrainingSet test, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new TrainingProgress("evaluate", 0, test.RowCount));
        EnsembleEvaluator evaluator = new(ensemble);
        float[] probabilities = evaluator.Probabilities(test.Columns, cancellationToken);
        progress?.Report(new TrainingProgress("evaluate", test.RowCount, test.RowCount));
        return new Predictions(
            evaluator.ClassCount, probabilities, EnsembleEvaluator.Labels(probabilities, evaluator.ClassCount));
    }

    private static ParityReport ProveParity(
        OnnxSession session, Predictions trainer, DataSet test, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        Predictions graph = session.Predict(
            test.Columns, trainer.RowCount,
            rowsDone: done => progress?.Report(new TrainingProgress("prove", done, trainer.RowCount)), cancellationToken: cancellationToken);
        ParityReport parity = ParityCheck.Compare(trainer, graph);
        ParityCheck.Require(parity);
        return parity;
    }
}
