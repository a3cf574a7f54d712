using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
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
        TrainingSetChecks.Require(set);
        XgboostParameters resolved = XgboostParameters.From(parameters);
        return UninterruptibleFit.Run(() => Fit(set, resolved, progress, cancellationToken), cancellationToken);
    }

    private TreeEnsemble Fit(
        TrainingSet set, XgboostParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int workers = threads ?? Environment.ProcessorCount;
        (int[] learned, int[] held) = Split(set, parameters);
        using XgboostMatrix rows = XgboostMatrix.Create(set, learned, workers);
        using XgboostMatrix? validation = held.Length == 0 ? null : XgboostMatrix.Create(set, held, workers);
        using XgboostBooster booster = new(rows, validation, parameters.Settings(set, workers));
        EarlyStopping stopping = new(parameters.EarlyStoppingRounds ?? int.MaxValue);
        int rounds = 0;
        for (bool stop = false; rounds < parameters.Rounds && !stop;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Update(rounds, rows);
            double? loss = validation is null ? null : booster.Loss(rounds, validation);
            rounds++;
            progress?.Report(new TrainingProgress("fit", rounds, parameters.Rounds) { ValidationLoss = loss });
            if (loss is { } value)
            {
                stopping.Add(rounds, value);
                stop = stopping.IsOver(rounds);
            }
        }

        TreeEnsemble ensemble = XgboostModelReader.Read(booster.Save());
        if (validation is null)
        {
            return ensemble;
        }

        progress?.Report(new TrainingProgress("keep", stopping.BestRounds, rounds) { ValidationLoss = stopping.BestLoss });
        return ensemble with { Trees = [.. ensemble.Trees.Take(stopping.BestRounds * ensemble.OutputCount)] };
    }

    // The number of a row and the seed alone decide whether it is a validation row.
    private static (int[] Learned, int[] Held) Split(TrainingSet set, XgboostParameters parameters)
    {
        HashSampler sampler = new(parameters.Seed, -1, parameters.EarlyStoppingRounds is null ? 0 : parameters.ValidationFraction);
        ILookup<bool, int> rows = Enumerable.Range(0, set.RowCount).ToLookup(row => sampler.Draws((ulong)row));
        return parameters.EarlyStoppingRounds is null || rows.Count == 2
            ? ([.. rows[false]], [.. rows[true]])
            : throw new TrainingException(
                TrainingFault.TooFewRows,
                $"parameters.validationFraction {parameters.ValidationFraction}: {set.RowCount} rows are too few to validate on " +
                    $"some and learn from the others; "
                + "give more rows or leave earlyStoppingRounds out");
    }
}
