using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Measures predicted classes against the truth.</summary>
public static class ClassificationEvaluator
{
    /// <summary>Probabilities below this count as this much in the log-loss.</summary>
    private const double MinProbability = 1e-15;

    /// <param name="truth">Class index per row.</param>
    /// <param name="classes">Class names.</param>
    public static ClassificationMetrics Evaluate(Predictions predictions, ReadOnlySpan<int> truth, IReadOnlyList<string> classes)
    {
        if (truth.Length != predictions.RowCount || classes.Count != predictions.Width || truth.IsEmpty)
        {
            throw new ArgumentException($"{truth.Length} rows of truth for {predictions.RowCount} predictions.", nameof(truth));
        }

        long[,] confusion = Confusion(predictions, truth);
        ClassMetrics[] perClass = new ClassMetrics[classes.Count];
        List<double> f1 = [];
        long right = 0;
        for (int k = 0; k < classes.Count; k++)
        {
            perClass[k] = OfClass(classes[k], confusion, k, out bool occurs);
            right += confusion[k, k];
            if (occurs)
            {
                f1.Add(perClass[k].F1);
            }
        }

        return new ClassificationMetrics(
            truth.Length, (double)right / truth.Length, f1.Average(), LogLoss(predictions, truth), MacroAuc(predictions, truth), perClass);
    }

    /// <summary>Rows by true class, then by predicted class.</summary>
    private static long[,] Confusion(Predictions predictions, ReadOnlySpan<int> truth)
    {
        long[,] confusion = new long[predictions.Width, predictions.Width];
        for (int row = 0; row < truth.Length; row++)
        {
            confusion[truth[row], predictions.Labels[row]]++;
        }

        return confusion;
    }

    private static ClassMetrics OfClass(string name, long[,] confusion, int k, out bool occurs)
    {
        long support = 0;
        long predicted = 0;
        long rows = 0;
        for (int other = 0; other < confusion.GetLength(0); other++)
        {
            support += confusion[k, other];
            predicted += confusion[other, k];
            for (int to = 0; to < confusion.GetLength(1); to++)
            {
                rows += confusion[other, to];
            }
        }

        long right = confusion[k, k];
        occurs = support + predicted > 0;
        return new ClassMetrics(
            name, support, Share(right, predicted), Share(right, support), Share(2 * right, support + predicted),
            Share(predicted - right, rows - support));
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static double LogLoss(Predictions predictions, ReadOnlySpan<int> truth)
    {
        double sum = 0;
        for (int row = 0; row < truth.Length; row++)
        {
            sum -= Math.Log(Math.Clamp((double)predictions.Row(row)[truth[row]], MinProbability, 1));
        }

        return sum / truth.Length;
    }

    /// <summary>The mean over the classes that have both kinds of row; 0.5, which says nothing, where there is none.</summary>
    private static double MacroAuc(Predictions predictions, ReadOnlySpan<int> truth)
    {
        List<double> areas = [];
        float[] scores = new float[truth.Length];
        bool[] isPositive = new bool[truth.Length];
        for (int k = 0; k < predictions.Width; k++)
        {
            for (int row = 0; row < truth.Length; row++)
            {
                scores[row] = predictions.Values[(row * predictions.Width) + k];
                isPositive[row] = truth[row] == k;
            }

            if (RocCurve.Area(scores, isPositive) is { } area)
            {
                areas.Add(area);
            }
        }

        return areas.Count == 0 ? 0.5 : areas.Average();
    }
}
