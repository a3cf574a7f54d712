using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Forest;

/// <summary>What all trees of a forest read: binned rows, and what each adds to the sums of its nodes when it is drawn.</summary>
/// <param name="Slots">Sums of a node: one for each class, or 1 for a number.</param>
/// <param name="Weights">Per binned row; null: each draw counts 1.</param>
/// <param name="Values">Per binned row its weight times its number; null where the task has classes.</param>
/// <param name="Center">What was taken off the numbers, so that sums stay small.</param>
/// <param name="Unit">What a value divided by a weight has to be multiplied by.</param>
internal sealed record ForestData(
    BinnedRows Rows, int FeatureCount, int Slots, long[]? Weights, long[]? Values, float Center, double Unit)
{
    public static ForestData Create(TrainingSet set, BinnedRows rows)
    {
        FixedPoint? weights = rows.SampleWeights is { } given
            ? FixedPoint.Of([.. given.Select(w => (double)w)], set.RowCount, least: 1)
            : null;
        if (rows.Targets is not { } targets)
        {
            return new ForestData(rows, set.FeatureCount, set.ClassCount, weights?.Values, null, 0, 1);
        }

        float center = (float)Mean(set.Targets!, set.Weights);
        FixedPoint values = FixedPoint.Of(
            [.. targets.Select((t, row) => ((double)t - center) * (rows.SampleWeights?[row] ?? 1))], set.RowCount, least: 0);
        return new ForestData(rows, set.FeatureCount, 1, weights?.Values, values.Values, center, values.Step / (weights?.Step ?? 1));
    }

    private static double Mean(float[] targets, float[]? weights)
    {
        double sum = 0;
        double total = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double weight = weights?[row] ?? 1;
            sum += weight * targets[row];
            total += weight;
        }

        return sum / total;
    }
}
