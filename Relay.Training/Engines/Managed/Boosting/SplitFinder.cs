using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Finds the split of a node that lowers the objective most: the gain of XGBoost (Chen and Guestrin 2016, eq. 7).</summary>
/// <param name="scale">What the sums of this round are worth.</param>
/// <param name="directions">Per column, 1 where values of leaves may not fall as it grows, -1 where they may not rise; null: free.</param>
internal sealed class SplitFinder(BinnedRows data, BoostingParameters parameters, FixedPointScale scale, sbyte[]? directions)
{
    // Less than this part of the largest squared gradient is rounding, not gain.
    private const double RoundingShare = 1e-6;

    private readonly double _minGain = RoundingShare * Math.ScaleB(1, 2 * (scale.HessianBits - scale.GradientBits));
    private readonly long _minHessian = (long)Math.Min(parameters.MinChildWeight / scale.HessianUnit, 1L << 61);

    /// <summary>Whether two leaves could reach the minimum of hessians each.</summary>
    public bool MaySplit(GradientSum sum) => sum.Hessian >= 2 * _minHessian;

    /// <param name="columns">The columns to try.</param>
    /// <param name="rowCounts">Rows per bin, needed only where a leaf must have more than one row; else null.</param>
    public GainSplit Find(BoostingNode node, Histogram histogram, ReadOnlySpan<int> columns, long[]? rowCounts)
    {
        double parent = Score(node.Totals.Sum, node.Range);
        GainSplit best = GainSplit.None with { Gain = _minGain };
        foreach (int c in columns)
        {
            ColumnBins bins = data.Bins[c];
            int start = data.Offsets[c];
            GradientSum missing = bins.HasMissing ? histogram[start + bins.ValueBins] : default;
            long missingRows = bins.HasMissing && rowCounts is not null ? rowCounts[start + bins.ValueBins] : 0;
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
                    GradientSum other = node.Totals.Sum - side;
                    if (side.Hessian < _minHessian || other.Hessian < _minHessian
                        || (rowCounts is not null && !HasRows(sideRows, node.Totals.Count - sideRows)))
                    {
                        return;
                    }

                    double gain = Score(side, node.Range) + Score(other, node.Range) - parent;
                    if (gain > best.Gain && KeepsDirection(c, side, other, node.Range))
                    {
                        best = new GainSplit(gain, c, bin, missingLeft, hasMissing, side);
                    }
                }
            }
        }

        return best;
    }

    /// <summary>What the children of a split node may answer: under a constraint, the one side up to the middle and the other
    /// from there, so that no leaf below can turn the order round.</summary>
    public (ValueRange Left, ValueRange Right) Ranges(BoostingNode node)
    {
        GainSplit split = node.Split;
        int direction = directions?[split.Column] ?? 0;
        if (direction == 0)
        {
            return (node.Range, node.Range);
        }

        double middle = (Value(split.Left, node.Range) + Value(node.Totals.Sum - split.Left, node.Range)) / 2;
        ValueRange below = node.Range with { Max = middle };
        ValueRange above = node.Range with { Min = middle };
        return direction > 0 ? (below, above) : (above, below);
    }

    /// <summary>The value that a leaf adds to the score of its rows.</summary>
    public float LeafValue(BoostingNode node) => (float)(Value(node.Totals.Sum, node.Range) * parameters.LearningRate);

    private bool HasRows(long left, long right) => left >= parameters.MinSamplesLeaf && right >= parameters.MinSamplesLeaf;

    private bool KeepsDirection(int column, GradientSum left, GradientSum right, ValueRange range) =>
        directions is null || directions[column] * (Value(right, range) - Value(left, range)) >= 0;

    private double Value(GradientSum sum, ValueRange range)
    {
        double weight = (sum.Hessian * scale.HessianUnit) + parameters.L2;
        return range.Clamp(weight > 0 ? -sum.Gradient * scale.GradientUnit / weight : 0);
    }

    // How much the best value of a leaf in the range lowers the objective, twice.
    private double Score(GradientSum sum, ValueRange range)
    {
        double gradient = sum.Gradient * scale.GradientUnit;
        double weight = (sum.Hessian * scale.HessianUnit) + parameters.L2;
        if (range.IsAny)
        {
            return weight > 0 ? gradient * gradient / weight : 0;
        }

        double value = Value(sum, range);
        return -((2 * gradient * value) + (weight * value * value));
    }
}
