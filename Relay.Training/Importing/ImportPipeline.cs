using System.Globalization;
using System.Security.Cryptography;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Relay.Training.Gates;
using Relay.Training.Gates.Incumbents;
using Relay.Training.Importing.Proof;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Shared.Contracts.Models;

namespace Relay.Training.Importing;

/// <summary>Imports a model and proves it: read, convert, export, measure on held-out rows, package, prove, gate. A step that fails, or a gate that
/// no person accepted, ends the import, and no version comes of it.</summary>
public sealed class ImportPipeline
{
    /// <summary>Runs on the caller's thread. The same job gives the same bytes.</summary>
    /// <exception cref="TrainingException">The file, the spec or the rows are not good, or the model does not answer as its source;
    /// <see cref="TrainingException.Fault"/>.</exception>
    /// <exception cref="OperationCanceledException">Within about a second of the request.</exception>
    public TrainedModel Run(ImportJob job, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(job.Version, 1, nameof(job));
        job = job with { Spec = ImportFormats.Detect(job.File) is ImportFormat.Artifact ? job.Spec : SpecOf(job.Spec) };
        DataChecks.RequireConsistent(job.Spec);
        GateCatalog.Require(job.Spec);
        GateCatalog.RequireAccepted(job.Accepted);
        progress?.Report(new TrainingProgress("convert", 0, null));
        using ImportedModel imported = ModelImporter.Read(job);
        FittedModel model = imported.Model;
        DataSet heldOut = DataLoader.Load(job.Spec, job.TestPath, model.Schema.Classes, progress, cancellationToken);
        if (heldOut.Rows == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{heldOut.Summary.Source}: no held-out rows");
        }

        IReadOnlyList<string> unknownTexts = UnknownTexts.Require(imported, heldOut);
        FeatureEncoder encoder = imported.Encoder;
        TrainingSet test = encoder.Encode(heldOut);
        Candidate candidate =
            CandidateBuilder.Build(job.Spec, job.Version, model, test, test, heldOut, imported.DataDigest, progress, cancellationToken);
        ProofCounts proof = imported.Proof.Require(candidate.Artifact, model.Schema, heldOut, progress, cancellationToken);

        // After the proof: figures of a model that is not the source's would mislead.
        progress?.Report(new TrainingProgress("gate", 0, null));
        LoadedData data = new(test, encoder, model.Schema.Classes, heldOut.Summary, heldOut);
        GateRunner gates = new(job.Accepted);
        gates.Run(
            GateCatalog.OfImport,
            new GateContext(job.Spec, data, job.Incumbent is { } incumbent ? new IncumbentScores(incumbent, data, cancellationToken) : null)
            {
                Candidate = candidate,
            },
            cancellationToken);
        return new TrainedModel(candidate.Artifact, Card(job, imported, candidate, data, proof, unknownTexts) with { Gates = gates.Results })
        {
            UnsupportedByManagedScorer = ManagedScorerCheck.FindUnsupported(candidate.Artifact, model.Schema),
        };
    }

    /// <summary>A spec of columns, labels, the form of files and the bounds of gates; what it says of training does not count.</summary>
    private static ModelSpec SpecOf(ModelSpec spec) => new()
    {
        Name = spec.Name,
        Task = spec.Task,
        Algorithm = ModelAlgorithm.Imported,
        Columns = spec.Columns,
        Label = spec.Label,
        Csv = spec.Csv,
        Gates = spec.Gates,
        Fairness = spec.Fairness,
    };

    private static ModelCard Card(
        ImportJob job, ImportedModel imported, Candidate candidate, LoadedData data, ProofCounts proof, IReadOnlyList<string> unknownTexts)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(job.File));
        DataSummary file = new(job.FileName, sha256, 0, new Dictionary<string, long>()) { Warnings = Warnings(imported, proof, unknownTexts) };
        return CandidateBuilder.Describe(candidate, job.Spec, job.Version, data, file) with
        {
            Import = new ImportSummary
            {
                Format = ImportFormats.NameOf(imported.Format),
                File = job.FileName,
                Sha256 = sha256,
                SizeBytes = job.File.Length,
                Thresholds = imported.Proof.Thresholds,
                RoundedThresholds = imported.Proof.RoundedThresholds,
                TreeRows = proof.TreeRows,
                ThresholdRows = proof.ThresholdRows,
                GivenRows = proof.GivenRows,
                MaxAbsDiff = proof.MaxAbsDiff,
                ComparedManagedScorer = proof.IsManaged,
                Signer = job.Signer,
            },
        };
    }

    private static IReadOnlyList<string>? Warnings(ImportedModel imported, ProofCounts proof, IReadOnlyList<string> unknownTexts)
    {
        List<string> warnings = [.. imported.Notes, .. unknownTexts];
        if (imported.Proof.RoundedThresholds is > 0 and var rounded)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{rounded} of {imported.Proof.Thresholds} thresholds are no float32. Rows of float32 fall as in the source; ")
                + "a double within one float32 of such a threshold may not, since it is rounded first.");
        }

        if (proof.WithoutAnswer > 0)
        {
            warnings.Add(
                "The model has no finite answer to some rows of missing or extreme values, in its source either: "
                + "mark columns as required where a value has to be there.");
        }

        return warnings.Count == 0 ? null : warnings;
    }
}
