using Relay.Training.Engines.Binning;
using Relay.Training.Engines.Boosting;
using Relay.Training.Ensembles;
using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>Gradient boosting by second-order trees on histograms: log-loss with one tree per class and round (softmax), or one
/// per round for two classes (logistic), and squared loss for numbers.</summary>
/// <remarks>Weights count in derivatives, base values and the watched loss; <c>minSamples</c> counts rows. A whole weight gives
/// what that many equal rows give.</remarks>
/// <param name="threads">Null takes the machine's processors. The ensemble does not depend on it.</param>
public sealed class GradientBoostingTrainer(int? threads = null) : IEnsembleTrainer
{
    public TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        BoostingParameters resolved = BoostingParameters.From(parameters);
        TrainingSetChecks.Require(set);
        int workers = threads ?? Environment.ProcessorCount;
        BinnedRows data = BinnedRows.Create(set, workers, progress, cancellationToken);
        using BoostingRun run = new(set, data, parameters, resolved, workers, cancellationToken);
        List<GrownTree> trees = Fit(run, resolved, progress, cancellationToken);
        return new TreeEnsemble(
            set.Columns.Length, run.Objective.BaseValues.Length, [.. trees.Select(t => t.Tree)], run.Objective.BaseValues,
            run.Objective.Link)
        {
            Importance = GrownTree.Importance(trees, set.Columns.Length),
        };
    }

    private static List<GrownTree> Fit(
        BoostingRun run, BoostingParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        List<GrownTree> trees = [];
        EarlyStopping? stopping = parameters.EarlyStoppingRounds is { } patience ? new EarlyStopping(patience) : null;
        for (int round = 0; round < parameters.Rounds; round++)
        {
            trees.AddRange(run.Grow(round, cancellationToken));
            double? loss = stopping is null ? null : run.WatchedLoss(cancellationToken);
            progress?.Report(new TrainingProgress("fit", round + 1, parameters.Rounds) { WatchedLoss = loss });
            if (stopping?.Hear(round + 1, loss!.Value) == true)
            {
                break;
            }
        }

        if (stopping is not null)
        {
            int outputs = run.Objective.BaseValues.Length;
            progress?.Report(new TrainingProgress("keep", stopping.BestRounds, trees.Count / outputs) { WatchedLoss = stopping.BestLoss });
            trees.RemoveRange(stopping.BestRounds * outputs, trees.Count - (stopping.BestRounds * outputs));
        }

        return trees;
    }
}
