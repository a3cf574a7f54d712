using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Boosting;

/// <summary>Finds the split of a node that lowers the objective most: the gain of XGBoost (Chen and Guestrin 2016, eq. 7).</summary>
internal sealed class GainScan(BinnedRows data, BoostingParameters parameters)
{
    // Less than this is rounding, not gain.
    private const double LeastGain = 1e-6 * GradientTable.One;

    private readonly double l2 = parameters.L2 * GradientTable.One;
    private readonly long leastWeight = (long)(parameters.MinChildWeight * GradientTable.One);

    /// <summary>Whether two leaves could have the least weight each.</summary>
    public bool MaySplit(GradientSum sum) => sum.Second >= 2 * leastWeight;

    /// <param name="rowCounts">Rows per bin, needed only where a leaf must have more than one row; else null.</param>
    public GainSplit Find(BoostingNode node, Histogram histogram, int[]? rowCounts)
    {
        double parent = Score(node.Sum);
        GainSplit best = GainSplit.None with { Gain = LeastGain };
        for (int c = 0; c < data.ColumnCount; c++)
        {
            ColumnBins bins = data.Bins[c];
            int start = data.Offsets[c];
            GradientSum missing = bins.HasMissing ? histogram[start + bins.ValueBins] : default;
            int missingRows = bins.HasMissing && rowCounts is not null ? rowCounts[start + bins.ValueBins] : 0;
            bool hasMissing = missing != default;
            int end = hasMissing ? bins.ValueBins : bins.ValueBins - 1;
            GradientSum left = default;
            long leftRows = 0;
            for (int bin = 0; bin < end; bin++)
            {
                GradientSum cell = histogram[start + bin];
                leftRows += rowCounts is null ? 0 : rowCounts[start + bin];
                if (cell == default)
                {
                    continue;
                }

                left += cell;
                Consider(left, leftRows, missingLeft: false);
                if (hasMissing)
                {
                    Consider(left + missing, leftRows + missingRows, missingLeft: true);
                }

                void Consider(GradientSum side, long sideRows, bool missingLeft)
                {
                    GradientSum other = node.Sum - side;
                    if (side.Second < leastWeight || other.Second < leastWeight
                        || (rowCounts is not null && !HasRows(sideRows, node.Weight - sideRows)))
                    {
                        return;
                    }

                    double gain = Score(side) + Score(other) - parent;
                    if (gain > best.Gain)
                    {
                        best = new GainSplit(gain, c, bin, missingLeft, hasMissing, side);
                    }
                }
            }
        }

        return best;
    }

    /// <summary>The value that a leaf adds to the score of its rows.</summary>
    public float LeafValue(GradientSum sum)
    {
        double weight = sum.Second + l2;
        return weight > 0 ? (float)(-sum.First / weight * parameters.LearningRate) : 0;
    }

    private bool HasRows(long left, long right) => left >= parameters.MinSamplesLeaf && right >= parameters.MinSamplesLeaf;

    private double Score(GradientSum sum)
    {
        double weight = sum.Second + l2;
        return weight > 0 ? (double)sum.First * sum.First / weight : 0;
    }
}
