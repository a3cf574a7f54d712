using System.Security.Cryptography;
using Google.Protobuf;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Relay.Training.Evaluation;
using Relay.Training.Evaluation.Reports;
using Relay.Training.Export;
using Relay.Training.Gates;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training;

/// <summary>What training and import do alike once there is a model: measure, export, compare, package.</summary>
internal static class CandidateBuilder
{
    /// <param name="train">The encoded training rows, for figures of a scaler.</param>
    /// <param name="test">The encoded held-out rows.</param>
    /// <param name="dataDigest">SHA-256 of the training rows; null for a model that was not trained here.</param>
    /// <exception cref="TrainingException">No figure, graph or golden vector can be made of the model.</exception>
    public static Candidate Build(
        ModelSpec spec, int version, FittedModel model, TrainingSet train, TrainingSet test, DataSet heldOut, string? dataDigest,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new TrainingProgress("evaluate", 0, test.RowCount));
        Predictions own = model.Score(test.Columns, cancellationToken);
        HeldOutEvaluation.RequireFinite(model, own, heldOut);
        ModelMetrics metrics = HeldOutEvaluation.Measure(model, own, train, test, heldOut);
        progress?.Report(new TrainingProgress("evaluate", test.RowCount, test.RowCount));

        progress?.Report(new TrainingProgress("export", 0, 1));
        // The held-out rows, because those of training may be there as bins only.
        ModelProto graph = OnnxGraphWriter.Write(model.WithLeafCounts(test.Columns, cancellationToken));
        using OnnxSession session = new(graph.ToByteArray(), model.Schema);
        progress?.Report(new TrainingProgress("export", 1, 1));

        ParityReport parity = ParityCheck.Compare(model.ToParityReference(own), session.Predict(
            heldOut.Columns, own.RowCount,
            rowsDone: done => progress?.Report(new TrainingProgress("prove", done, own.RowCount)), cancellationToken: cancellationToken));

        progress?.Report(new TrainingProgress("package", 0, null));
        (IReadOnlyList<DataColumn> columns, int rows) = GoldenRows.Choose(heldOut, own, model);
        (byte[] artifact, ArtifactDescription read) = ArtifactBuilder.BuildUnproved(graph, new ArtifactDescription
        {
            Name = spec.Name,
            Version = version,
            Schema = model.Schema,
            SchemaHash = model.Schema.Hash(),
            Golden = GoldenCheck.Answer(session, columns, rows, model.Schema, model.Offset),
            Metrics = metrics,
            DataDigest = dataDigest,
            Offset = model.Offset,
            Samples = spec.Samples,
        });
        return new Candidate(model, own, test, metrics, parity, artifact, read.Golden);
    }

    /// <summary>The card, but for what only one way to a model has.</summary>
    /// <param name="data">The held-out rows, and what is known of those of training.</param>
    /// <param name="train">The training rows; of an imported version its file.</param>
    public static ModelCard Describe(Candidate candidate, ModelSpec spec, int version, LoadedData data, DataSummary train) => new()
    {
        Name = spec.Name,
        Version = version,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(candidate.Artifact)),
        SizeBytes = candidate.Artifact.Length,
        Spec = spec,
        Schema = candidate.Model.Schema,
        SchemaHash = candidate.Model.Schema.Hash(),
        Train = train,
        Test = data.Test.Summary,
        Metrics = candidate.Metrics,
        Evaluation = EvaluationReporter.Create(spec, candidate.Model, candidate.Answers, data.Test, data.Facts.Profiles, train.ClassRows),
        Parity = candidate.Parity,
        TreeCount = candidate.Model.TreeCount,
        NodeCount = candidate.Model.NodeCount,
        Importance = candidate.Model.Importance is { } shares
            ? [.. candidate.Model.Encodings.Zip(shares, (input, share) => new FeatureImportance(input.Name, share)).OrderByDescending(i => i.Share)]
            : null,
    };
}
