using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Boosting.Objectives;

/// <summary>What both objectives over classes share.</summary>
internal static class LogLoss
{
    /// <summary>Weighted with as much as 511, a derivative is still a 32 bit integer.</summary>
    public const int FractionBits = 22;

    public const int BoundBits = 7;

    private const double LeastProbability = 1e-37;

    public static double Of(double probability) => -Math.Log(Math.Max(probability, LeastProbability));

    /// <summary>Log of the share of each class: rare classes do not spend their first rounds on learning that they are rare.</summary>
    public static double[] LogShares(BinnedRows data, RoundRows rows, int classes)
    {
        long[] weights = new long[classes];
        for (int row = 0; row < data.RowCount; row++)
        {
            weights[data.Labels[row]] += rows.Weight(row);
        }

        data.Shards.Sum(weights);
        double total = weights.Sum();
        return [.. weights.Select(weight => Math.Log(Math.Max(weight, 1) / total))];
    }
}
