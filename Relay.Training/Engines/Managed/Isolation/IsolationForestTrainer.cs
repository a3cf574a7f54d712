using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Isolation;

/// <summary>Isolation forest (Liu, Ting and Zhou 2008): each tree splits a small sample at random, and rows that few
/// splits isolate are anomalous. Scores as scikit-learn's <c>score_samples</c>, and calls the lowest of the training rows anomalous.</summary>
/// <remarks>Works on the values themselves, without bins. A row is drawn with a chance in proportion to its weight. A missing value
/// goes with most of the values at a split.</remarks>
/// <param name="threads">Null takes the machine's processors. The forest does not depend on it.</param>
public sealed class IsolationForestTrainer(int? threads = null) : IEnsembleTrainer
{
    public TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        IsolationParameters resolved = IsolationParameters.From(parameters);
        TrainingSetChecks.RequireTwoRows(set);
        int samples = Math.Min(resolved.SamplesPerTree, set.RowCount);
        long[] weights = Weights(set);
        Tree[] trees = new Tree[resolved.Trees];
        int grown = 0;
        WorkerLoop.Run(
            trees.Length,
            threads ?? Environment.ProcessorCount,
            () => new IsolationTreeGrower(set.Columns, resolved, samples, weights),
            (grower, t) =>
            {
                trees[t] = grower.Grow(t);
                progress?.Report(new TrainingProgress("fit", Interlocked.Increment(ref grown), trees.Length));
            },
            cancellationToken);
        TreeEnsemble forest = new(set.FeatureCount, 1, trees, [0], Link.PathLength);
        float[] scores = new EnsembleEvaluator(forest, threads).Probabilities(set.Columns, cancellationToken);
        return forest with { Offset = Quantile(scores, resolved.Contamination) };
    }

    private static long[] Weights(TrainingSet set)
    {
        if (set.SampleWeights is { } weights)
        {
            return FixedPoint.FromValues([.. weights.Select(w => (double)w)], weights.Length, min: 1, set.Shards).Values;
        }

        long[] even = new long[set.RowCount];
        even.AsSpan().Fill(1);
        return even;
    }

    /// <summary>The value that a share of the scores is below, between neighbors in proportion, as NumPy's percentile.</summary>
    private static float Quantile(float[] scores, double share)
    {
        scores.AsSpan().Sort();
        double place = share * (scores.Length - 1);
        int below = (int)place;
        float low = scores[below];
        float high = scores[Math.Min(below + 1, scores.Length - 1)];
        return (float)(low + ((place - below) * ((double)high - low)));
    }
}
