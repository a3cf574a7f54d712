using Shared.Contracts.Models;

namespace Relay.Training.Evaluation.Reports;

/// <summary>Makes the curve of a class from the scores of all rows.</summary>
internal static class CurveBuilder
{
    // Found rows of either kind, and found rows on a logarithmic scale, each go once over the whole curve. So few points show the beginning, where a
    // rare class is decided, as well as the end.
    private const int Scales = 3;
    private const int Steps = 98;

    /// <param name="scores">Higher means more likely of the class; reordered by the call.</param>
    /// <param name="isPositive">Reordered alike.</param>
    /// <returns>Null where all rows are of the class, or none.</returns>
    public static ClassCurve? Build(string name, float[] scores, bool[] isPositive)
    {
        long positives = isPositive.LongCount(p => p);
        long negatives = isPositive.Length - positives;
        if (RocCurve.Area(scores, isPositive) is not { } area)
        {
            return null;
        }

        List<float> thresholds = [];
        List<long> found = [];
        List<long> wrong = [];
        double precisions = 0;
        (long tp, long fp) = (0, 0);
        double step = 0;
        for (int end = scores.Length; end > 0;)
        {
            // The rows are in rising order now, and equal scores are found together.
            float threshold = scores[end - 1];
            long before = tp;
            for (; end > 0 && scores[end - 1] == threshold; end--)
            {
                tp += isPositive[end - 1] ? 1 : 0;
                fp += isPositive[end - 1] ? 0 : 1;
            }

            precisions += (tp - before) * ((double)tp / (tp + fp));
            double way = ((double)tp / positives) + ((double)fp / negatives) + (Math.Log(tp + fp) / Math.Log(scores.Length));
            double reached = Math.Floor(way * Steps / Scales);
            if (reached > step || end == 0 || thresholds.Count == 0)
            {
                step = reached;
                thresholds.Add(threshold);
                found.Add(tp);
                wrong.Add(fp);
            }
        }

        return new ClassCurve
        {
            Name = name,
            Positives = positives,
            Negatives = negatives,
            Auc = area,
            AveragePrecision = precisions / positives,
            Thresholds = thresholds,
            TruePositives = found,
            FalsePositives = wrong,
        };
    }
}
