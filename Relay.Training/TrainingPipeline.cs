using Relay.Training.Budgets;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Engines;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Gates;
using Relay.Training.Gates.Incumbents;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Relay.Training.Reproducing;
using Relay.Training.Simulation;
using Relay.Training.Specs;
using Relay.Training.Tuning;
using Shared.Contracts.Models;

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
        if (job.Spec is not { Tune: null, Budget: null } && job.Checkpoint is not null)
        {
            // A search that starts anew may end elsewhere: then the checkpoint would be that of another model.
            throw new TrainingException(
                TrainingFault.InvalidSpec, "spec, tune and budget: a run with a search keeps no checkpoint; leave one of them out");
        }

        LoadedData data = Load(job, progress, cancellationToken);
        GateRunner gates = new(job.Accepted);
        GateContext subject = new(job.Spec, data, job.Incumbent is { } incumbent ? new IncumbentScores(incumbent, data, cancellationToken) : null);
        gates.Run(GateCatalog.OfData, subject, cancellationToken);
        TuningSummary? tuning = job.Spec.Tune is { } tune
            ? new ParameterSearch(engines, job.Time).Run(job.Spec, tune, data.Train, progress, cancellationToken)
            : null;
        ModelSpec spec = tuning is null ? job.Spec : job.Spec with { Parameters = tuning.Parameters };
        SmallModelResult result = spec.Budget is null
            ? new SmallModelResult(Train(job, spec, data, progress, cancellationToken))
            : new SmallModelTraining(engines, p => Train(job, spec with { Parameters = p }, data, progress, cancellationToken))
                .Run(spec, data, job.BudgetParameters, progress, cancellationToken);

        progress?.Report(new TrainingProgress("gate", 0, null));
        Candidate candidate = result.Candidate;
        gates.Run(GateCatalog.OfModel, subject with { Candidate = candidate, FullAnswers = result.FullAnswers }, cancellationToken);
        ModelCard card = CandidateBuilder.Describe(candidate, job.Spec, job.Version, data, data.Summary) with
        {
            Budget = result.Summary,
            Frontier = result.Frontier,
        };
        TrainingRecord record = TrainingRecorder.Create(job with { Spec = spec }, engines.EngineOf(job.Spec));
        TrainedModel model = new(candidate.Artifact, card with { Gates = gates.Results, Tuning = tuning, Training = record })
        {
            UnsupportedByManagedScorer = ManagedScorerCheck.FindUnsupported(candidate.Artifact, candidate.Model.Schema),
        };
        if (job.Checkpoint is { } checkpoint)
        {
            File.Delete(checkpoint.Path);
        }

        return model;
    }

    /// <summary>Checks the spec and its data as <see cref="Run"/> does, and trains nothing.</summary>
    /// <exception cref="TrainingException">The spec or the data is not good, or a gate on data refuses it.</exception>
    public DataCheck Check(TrainingJob job, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        SpecChecks.Require(job.Spec, engines);
        LoadedData data = Load(job, progress, cancellationToken);
        GateRunner gates = new(job.Accepted);
        gates.Run(GateCatalog.OfData, new GateContext(job.Spec, data, Incumbent: null), cancellationToken);
        return new DataCheck(data.Summary, data.Test.Summary, data.Classes, gates.Results);
    }

    private Candidate Train(
        TrainingJob job, ModelSpec spec, LoadedData data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        CandidateBuilder.Build(
            job.Spec, job.Version, _fitter.Fit(job with { Spec = spec }, data, progress, cancellationToken), data.Train,
            data.Encoder.Encode(data.Test), data.Test, data.Summary.Sha256, progress, cancellationToken);

    private LoadedData Load(TrainingJob job, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (job.Shards.Size > 1 && (job.Data is DataOrigin.Rows or DataOrigin.Simulated || !_fitter.TakesBins(job.Spec)))
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec,
                $"spec, engine {job.Spec.Engine}, algorithm {job.Spec.Algorithm}: shards train gradient-boosting and random-forest of the managed " +
                    $"engine, from files, without a scaler, without tune, budget and features, and without columns that are counted or looked up");
        }

        if (job.Shards.SharesSumsOnly)
        {
            RequireSumsSuffice(job);
        }

        if (job.Data is DataOrigin.Simulated simulated)
        {
            DataSplit split = SimulatedData.Create(job.Spec, simulated.Seed, simulated.Requests, progress, cancellationToken);
            return FromRows(new DataOrigin.Rows(split.Train, split.Test), job.Spec);
        }

        if (job.Data is not DataOrigin.Rows rows)
        {
            DataSource source = SourceOf(job);
            return _fitter.TakesBins(job.Spec)
                ? DataLoader.LoadBinned(source, job.Shards, job.Threads, progress, cancellationToken: cancellationToken)
                : LoadedData.FromSplit(DataLoader.Load(source, progress, cancellationToken), job.Spec);
        }

        return FromRows(rows, job.Spec);
    }

    private static void RequireSumsSuffice(TrainingJob job)
    {
        string? error = job.Data is not DataOrigin.Owned ? "owners that share sums only train from a file of their own"
            : job.Checkpoint is not null ? "owners that share sums only keep no checkpoint"
            : job.Incumbent is not null ? "owners that share sums only compare with no incumbent: its gates read rows; import the model to compare"
            : SumsOnlyRules.FindError(job.Spec) is { } rule ? $"spec, task: {rule}"
            : null;
        if (error is not null)
        {
            throw new TrainingException(TrainingFault.InvalidSpec, error);
        }
    }

    private static LoadedData FromRows(DataOrigin.Rows rows, ModelSpec spec)
    {
        DataChecks.Require(rows.Train, spec);
        if (rows.Test.Rows == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{rows.Test.Summary.Source}: no held-out rows");
        }

        return rows.Test.Classes.SequenceEqual(rows.Train.Classes, StringComparer.Ordinal)
            ? LoadedData.FromSplit(new DataSplit(rows.Train, rows.Test), spec)
            : throw new ArgumentException("The held-out rows do not have the classes of training.", nameof(rows));
    }

    private static DataSource SourceOf(TrainingJob job)
    {
        if (job.Data is DataOrigin.Files files)
        {
            return new DataSource(job.Spec, files.TrainPath, files.TestPath, files.HeldOutShare);
        }

        if (job.Data is DataOrigin.Owned owned)
        {
            return new DataSource(job.Spec, owned.TrainPath, owned.TestPath) { IsPart = true, Agreement = owned.Agreement };
        }

        DataOrigin.Parts parts = (DataOrigin.Parts)job.Data;
        return parts.TrainPaths.Count == job.Shards.Size
            ? new DataSource(job.Spec, parts.TrainPaths[job.Shards.Rank], parts.TestPath) { IsPart = true }
            : throw new TrainingException(
                TrainingFault.InvalidSpec,
                $"{parts.TrainPaths.Count} training files for {job.Shards.Size} processes: give one file, or one for each process");
    }
}
