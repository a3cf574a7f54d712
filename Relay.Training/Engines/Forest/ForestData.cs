using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Forest;

/// <summary>What all trees of a forest read: binned rows, and what each row of the set adds to the sums of its nodes.</summary>
/// <param name="Slots">Sums of a node: one for each class, or 1 for a number.</param>
/// <param name="Weights">Per row of the set; null: each draw counts 1.</param>
/// <param name="Values">Per row of the set its weight times its number; null where the task has classes.</param>
/// <param name="Numbers">Per binned row the number that its rows have, NaN where they differ; null where the task has classes.</param>
/// <param name="Center">What was taken off the numbers, so that sums stay small.</param>
/// <param name="Unit">What a value divided by a weight has to be multiplied by.</param>
internal sealed record ForestData(
    BinnedRows Rows, int FeatureCount, int Slots, long[]? Weights, long[]? Values, float[]? Numbers, float Center, double Unit)
{
    public static ForestData Create(TrainingSet set, BinnedRows rows)
    {
        FixedPoint? weights = set.Weights is null ? null : FixedPoint.Of([.. set.Weights.Select(w => (double)w)], least: 1);
        if (set.Targets is not { } targets)
        {
            return new ForestData(rows, set.FeatureCount, set.ClassCount, weights?.Values, null, null, 0, 1);
        }

        float center = (float)Mean(targets, set.Weights);
        double[] values = new double[targets.Length];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = ((double)targets[row] - center) * (set.Weights?[row] ?? 1);
        }

        FixedPoint sums = FixedPoint.Of(values, least: 0);
        return new ForestData(
            rows, set.FeatureCount, 1, weights?.Values, sums.Values, OfBinnedRows(targets, rows), center, sums.Step / (weights?.Step ?? 1));
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

    private static float[] OfBinnedRows(float[] targets, BinnedRows rows)
    {
        float[] numbers = new float[rows.RowCount];
        bool[] seen = new bool[rows.RowCount];
        for (int row = 0; row < targets.Length; row++)
        {
            int at = rows.RowOf[row];
            numbers[at] = !seen[at] || numbers[at] == targets[row] ? targets[row] : float.NaN;
            seen[at] = true;
        }

        return numbers;
    }
}
