using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Tuning;

/// <summary>Compares candidates on folds of the training rows and takes the one with the lowest loss, the first
/// of equal ones. Held-out rows take no part.</summary>
/// <param name="timeProvider">The clock of the bound in minutes.</param>
internal sealed class ParameterSearch(EngineCatalog engines, TimeProvider timeProvider)
{
    /// <param name="train">The rows with their values, not as bins.</param>
    /// <exception cref="TrainingException">There are too few rows.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public TuningSummary Run(
        ModelSpec spec, TuneSpec tune, TrainingSet train, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        long start = timeProvider.GetTimestamp();
        TuningFolds folds = new(train, "tune");
        CandidateSequence candidates = new(spec, train.ClassCount, engines);
        int most = tune.Candidates ?? int.MaxValue;
        progress?.Report(new TrainingProgress("tune", 0, tune.Candidates));

        // The spec's own parameters are measured however long it takes: what is taken is never worse than they are.
        double own = Measure(spec, candidates[0], folds, () => false, cancellationToken)!.Value;
        (double Loss, int Index) best = (own, 0);
        int compared = 1;
        progress?.Report(new TrainingProgress("tune", compared, tune.Candidates) { ValidationLoss = own });
        for (; compared < most && !IsOver(); compared++)
        {
            if (Measure(spec, candidates[compared], folds, IsOver, cancellationToken) is not { } loss)
            {
                break;
            }

            best = loss < best.Loss ? (loss, compared) : best;
            progress?.Report(new TrainingProgress("tune", compared + 1, tune.Candidates) { ValidationLoss = best.Loss });
        }

        return new TuningSummary
        {
            Candidates = compared,
            Folds = TuningFolds.Count,
            Figure = CandidateLoss.FigureOf(train),
            OwnLoss = own,
            Loss = best.Loss,
            Parameters = candidates[best.Index],
        };

        bool IsOver() => tune.Minutes is { } minutes && timeProvider.GetElapsedTime(start).TotalMinutes >= minutes;
    }

    /// <returns>Null where the time was over before all folds were measured.</returns>
    private double? Measure(ModelSpec spec, ModelParameters parameters, TuningFolds folds, Func<bool> isOver, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        StopWhenOver stop = new(isOver, late);
        double sum = 0;
        double weight = 0;
        for (int fold = 0; fold < TuningFolds.Count; fold++)
        {
            try
            {
                (double Sum, double Weight) part = CandidateLoss.Measure(
                    FeatureSubset.Train(engines.Create(spec), folds.LearnedFrom(fold), parameters, stop, late.Token),
                    folds.Tested(fold), cancellationToken);
                sum += part.Sum;
                weight += part.Weight;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }

        return sum / weight;
    }

    /// <summary>Trees and rounds report: then the time is looked at.</summary>
    private sealed class StopWhenOver(Func<bool> isOver, CancellationTokenSource late) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (isOver())
            {
                late.Cancel();
            }
        }
    }
}
