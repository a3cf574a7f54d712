using Relay.Training.Ensembles;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Gradient boosting by libxgboost's histogram method: softmax, logistic or squared loss.</summary>
/// <param name="threads">Null takes the machine's processors. Sums of floating point depend on it, so the last bits of the model may.</param>
internal sealed class XgboostTrainer(int? threads = null) : IEnsembleTrainer
{
    public TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        XgboostLibrary.Require();
        XgboostParameters resolved = XgboostParameters.From(parameters);
        return UninterruptibleFit.Run(() => Fit(set, resolved, progress, cancellationToken), cancellationToken);
    }

    private TreeEnsemble Fit(
        TrainingSet set, XgboostParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int workers = threads ?? Environment.ProcessorCount;
        (int[] trained, int[] watchedRows) = WatchedRows.Split(
            set.RowCount, parameters.EarlyStoppingRounds is null ? 0 : parameters.WatchedShare, parameters.Seed);
        using XgboostMatrix rows = XgboostMatrix.Create(set, trained, workers);
        using XgboostMatrix? watched = watchedRows.Length == 0 ? null : XgboostMatrix.Create(set, watchedRows, workers);
        using XgboostBooster booster = new(rows, watched, parameters.Settings(set, workers));
        BestRound best = new(parameters.EarlyStoppingRounds ?? int.MaxValue);
        for (int round = 0; round < parameters.Rounds && !best.IsLongAgo; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Update(round, rows);
            progress?.Report(new TrainingProgress("fit", round + 1, parameters.Rounds));
            if (watched is not null)
            {
                best.Add(booster.Loss(round, watched));
            }
        }

        TreeEnsemble ensemble = XgboostModelReader.Read(booster.Save());
        return watched is null
            ? ensemble
            : ensemble with { Trees = [.. ensemble.Trees.Take((best.Round + 1) * ensemble.OutputCount)] };
    }
}
