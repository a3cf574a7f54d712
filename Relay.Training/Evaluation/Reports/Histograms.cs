using Shared.Contracts.Models;

namespace Relay.Training.Evaluation.Reports;

/// <summary>Counts rows by a value.</summary>
internal static class Histograms
{
    private const int Bins = 40;

    // Of 1,000 rows, the five at each end: one row far off would leave one bin for all others.
    private const double Tail = 0.005;

    /// <summary>Errors (predicted minus true); what is beyond the ends is in the first and in the last bin.</summary>
    public static ValueHistogram OfErrors(float[] predicted, float[] truth)
    {
        double[] errors = [.. predicted.Zip(truth, (p, t) => (double)p - t)];
        double[] sorted = [.. errors.Order()];
        int cut = (int)(Tail * sorted.Length);
        return Count(errors, sorted[cut], sorted[^(cut + 1)], null);
    }

    /// <param name="labels">Per row 1 for an anomaly; null where nothing is known.</param>
    public static ValueHistogram OfScores(float[] scores, int[]? labels) =>
        Count(Array.ConvertAll(scores, score => (double)score), scores.Min(), scores.Max(), labels);

    private static ValueHistogram Count(double[] values, double low, double high, int[]? labels)
    {
        long[] rows = new long[Bins];
        long[] anomalies = new long[Bins];
        for (int row = 0; row < values.Length; row++)
        {
            double place = high > low ? (values[row] - low) / (high - low) * Bins : 0;
            int bin = (int)Math.Clamp(place, 0, Bins - 1);
            rows[bin]++;
            anomalies[bin] += labels?[row] == 1 ? 1 : 0;
        }

        return new ValueHistogram(low, high, rows, labels is null ? null : anomalies);
    }
}
