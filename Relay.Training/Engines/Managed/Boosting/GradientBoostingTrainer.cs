using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Engines.Managed.Boosting.Objectives;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Gradient boosting by second-order trees on histograms: log-loss with one tree per class and round (softmax), or one
/// per round for two classes (logistic), and squared loss for numbers.</summary>
/// <remarks>Weights count in gradients and hessians, base values and the validation loss; <c>minSamples</c> counts rows. A whole weight gives
/// what that many equal rows give.</remarks>
/// <param name="threads">Null takes the machine's processors. The ensemble does not depend on it.</param>
public sealed class GradientBoostingTrainer(int? threads = null) : IResumableTrainer
{
    private const string Engine = "managed gradient boosting 1";

    public bool TakesBins => true;

    public TrainingCheckpoint? Checkpoint { get; set; }

    /// <summary>See <see cref="BoostingParameters.HistogramBytes"/>.</summary>
    internal long? HistogramBytes { get; init; }

    /// <summary>See <see cref="EnsembleMemory"/>; null: what the machine has.</summary>
    internal long? MemoryBytes { get; init; }

    public TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        BoostingParameters resolved = BoostingParameters.From(parameters);
        resolved = resolved with { HistogramBytes = HistogramBytes ?? resolved.HistogramBytes };
        TrainingSetChecks.Require(set);
        int workers = threads ?? Environment.ProcessorCount;
        BinnedRows data = BinnedRows.Create(set, workers, progress, cancellationToken);
        data.DropRows();
        CheckpointFile? file = Checkpoint is null ? null : new(Checkpoint, CheckpointFingerprint.Digest(Engine, parameters, data), set.Shards);
        using BoostingRun run = new(set, data, parameters, resolved, workers, cancellationToken);
        IObjective objective = run.Objective;
        BoostingProgress learned = new(objective.BaseValues.Length, resolved.EarlyStoppingRounds);
        using (BinaryReader? reader = file?.Read())
        {
            if (reader is not null)
            {
                learned.Read(reader);
                run.Resume(learned.Trees, cancellationToken);
            }
        }

        Fit(run, learned, resolved.Rounds, file, EnsembleMemory.Create(MemoryBytes), progress, cancellationToken);
        return new TreeEnsemble(
            set.FeatureCount, objective.BaseValues.Length, [.. learned.Trees.Select(t => t.Tree)], objective.BaseValues, objective.Link)
        {
            Importance = GrownTree.Importance(learned.Trees, set.FeatureCount),
        };
    }

    private static void Fit(
        BoostingRun run, BoostingProgress learned, int rounds, CheckpointFile? file, EnsembleMemory memory, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        Count(learned.Trees, memory);

        try
        {
            while (learned.Rounds < rounds && !learned.IsStopped)
            {
                GrownTree[] round = run.Grow(learned.Rounds, cancellationToken);
                double? loss = run.ValidationLoss(cancellationToken);
                learned.Add(round, loss);
                Count(round, memory);
                progress?.Report(new TrainingProgress("fit", learned.Rounds, rounds) { ValidationLoss = loss });
                if (file?.IsDue == true)
                {
                    file.Write(learned.Write);
                }
            }
        }
        catch (OperationCanceledException)
        {
            file?.Write(learned.Write);
            throw;
        }

        file?.Write(learned.Write);
        if (learned.Stopping is { } stopping)
        {
            progress?.Report(new TrainingProgress("keep", stopping.BestRounds, learned.Rounds) { ValidationLoss = stopping.BestLoss });
            learned.KeepBest();
        }
    }

    private static void Count(IEnumerable<GrownTree> trees, EnsembleMemory memory)
    {
        foreach (GrownTree grown in trees)
        {
            memory.Add(grown.Tree);
        }
    }
}
