using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>What all trees of a forest read: binned rows, and what each adds to the sums of its nodes when it is drawn.</summary>
/// <param name="TotalRows">Rows of all shards, before equal ones were merged.</param>
/// <param name="Slots">Sums of a node: one for each class, or 1 for a number.</param>
/// <param name="SampleWeights">Per binned row; null: each draw counts 1.</param>
/// <param name="Values">Per binned row its weight times its number; null where the task has classes.</param>
/// <param name="Center">What was taken off the numbers, so that sums stay small.</param>
/// <param name="Unit">What a value divided by a weight has to be multiplied by.</param>
internal sealed record ForestData(
    BinnedRows Rows, long TotalRows, int FeatureCount, int Slots, long[]? SampleWeights, long[]? Values, float Center, double Unit)
{
    public static ForestData Create(TrainingSet set, BinnedRows rows)
    {
        IShardGroup shards = set.Shards;
        long totalRows = shards.Sum(set.RowCount);
        FixedPoint? weights = rows.SampleWeights is { } given
            ? FixedPoint.FromValues([.. given.Select(w => (double)w)], totalRows, min: 1, shards)
            : null;
        if (rows.Targets is null)
        {
            return new ForestData(rows, totalRows, set.FeatureCount, set.ClassCount, weights?.Values, null, 0, 1);
        }

        FixedPoint numbers = Weighted(rows, 0, totalRows);
        float center = (float)(Total(numbers.Values, rows) * numbers.Step / (Total(weights?.Values, rows) * (weights?.Step ?? 1)));
        FixedPoint values = Weighted(rows, center, totalRows);
        return new ForestData(
            rows, totalRows, set.FeatureCount, 1, weights?.Values, values.Values, center, values.Step / (weights?.Step ?? 1));
    }

    /// <summary>Per binned row its weight times how far its number is from the center.</summary>
    private static FixedPoint Weighted(BinnedRows rows, float center, long totalRows) => FixedPoint.FromValues(
        [.. rows.Targets!.Select((target, row) => ((double)target - center) * (rows.SampleWeights?[row] ?? 1))], totalRows, min: 0,
        rows.Shards);

    // In whole numbers, so that the order of rows does not show.
    private static double Total(long[]? values, BinnedRows rows)
    {
        long sum = 0;
        for (int row = 0; row < rows.RowCount; row++)
        {
            sum += rows.Multiplicity[row] * (values?[row] ?? 1);
        }

        return rows.Shards.Sum(sum);
    }
}
