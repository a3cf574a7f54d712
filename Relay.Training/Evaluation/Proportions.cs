using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Intervals of 95% for shares of rows. They need square roots only, so that every machine computes the same bits.</summary>
internal static class Proportions
{
    /// <summary>The 97.5% quantile of the normal distribution.</summary>
    public const double Z = 1.959963984540054;

    /// <summary>Of a share (Wilson 1927).</summary>
    public static GateInterval Wilson(long hits, long rows)
    {
        double share = (double)hits / rows;
        double spread = Z * Z / rows;
        double center = (share + (spread / 2)) / (1 + spread);
        double half = Z * Math.Sqrt(((share * (1 - share)) + (spread / 4)) / rows) / (1 + spread);
        return new GateInterval(Math.Max(0, center - half), Math.Min(1, center + half));
    }

    /// <summary>Of the difference of two shares of the same rows, with half a row added to each of the four cells (Agresti and Min 2005), so
    /// that few rows prove little.</summary>
    /// <param name="lost">Rows that only the first has.</param>
    /// <param name="won">Rows that only the second has.</param>
    /// <returns>The interval of the first share minus the second.</returns>
    public static GateInterval Paired(long lost, long won, long rows)
    {
        double n = rows + 2;
        double b = lost + 0.5;
        double c = won + 0.5;
        double difference = (b - c) / n;
        double half = Z * Math.Sqrt(b + c - ((b - c) * (b - c) / n)) / n;
        return new GateInterval(difference - half, difference + half);
    }

    /// <summary>Of a mean of values that are not shares.</summary>
    public static (double Mean, GateInterval Interval) Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        double squares = 0;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        double half = Z * Math.Sqrt(squares / values.Length / Math.Max(1, values.Length - 1));
        return (mean, new GateInterval(mean - half, mean + half));
    }
}
