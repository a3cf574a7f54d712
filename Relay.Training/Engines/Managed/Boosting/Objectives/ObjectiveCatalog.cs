using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>Which objective a training set asks for.</summary>
internal static class ObjectiveCatalog
{
    /// <param name="rows">The rows that are learned from; the mean of their targets is the base value, or the shares of their classes decide on
    /// the base values.</param>
    /// <param name="startScore">Fraction of the log share of each class to start from.</param>
    public static IObjective Create(BinnedRows data, RowSampler rows, IntegerWeights weights, int classes, double startScore)
    {
        if (data.Targets is not null)
        {
            return new SquaredObjective(data, rows, weights.BitsOfTotal);
        }

        // By default all classes start alike, as in XGBoost. Starting from their shares gives rows of a rare class so small a
        // hessian that no leaf of theirs reaches the minimum child weight: docs/adr/0008-boosting-starts-even.md.
        double[] start = startScore > 0 ? [.. LogShares(data, rows, classes).Select(log => startScore * log)] : new double[classes];
        return classes == 2
            ? new LogisticObjective(data.Labels, (float)(start[1] - start[0]))
            : new SoftmaxObjective(data.Labels, [.. start.Select(score => (float)score)]);
    }

    private static double[] LogShares(BinnedRows data, RowSampler rows, int classes)
    {
        long[] weights = new long[classes];
        for (int row = 0; row < data.RowCount; row++)
        {
            weights[data.Labels[row]] += rows.Weight(row);
        }

        data.Shards.Sum(weights);

        // A class may have all its rows among those of validation.
        double total = weights.Sum();
        return [.. weights.Select(weight => Math.Log(Math.Max(1, weight) / total))];
    }
}
