using Shared.Contracts.Models;

namespace Relay.Training.Evaluation.Reports;

/// <summary>Compares stated probabilities with what came true.</summary>
internal static class CalibrationBins
{
    private const int Bins = 10;

    /// <param name="stated">Per row a probability.</param>
    /// <param name="cameTrue">Whether it did, by the row.</param>
    public static Calibration Measure(float[] stated, Func<int, bool> cameTrue)
    {
        long[] rows = new long[Bins];
        long[] right = new long[Bins];
        double[] sums = new double[Bins];
        for (int row = 0; row < stated.Length; row++)
        {
            int bin = Math.Clamp((int)(stated[row] * Bins), 0, Bins - 1);
            rows[bin]++;
            right[bin] += cameTrue(row) ? 1 : 0;
            sums[bin] += stated[row];
        }

        CalibrationBin[] bins =
        [
            .. Enumerable.Range(0, Bins).Where(b => rows[b] > 0)
                .Select(b => new CalibrationBin(rows[b], sums[b] / rows[b], (double)right[b] / rows[b])),
        ];
        return new Calibration(bins.Sum(b => b.Rows * Math.Abs(b.Stated - b.Observed)) / stated.Length, bins);
    }
}
