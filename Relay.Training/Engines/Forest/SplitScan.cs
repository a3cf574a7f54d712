using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Forest;

/// <summary>Finds where a column parts the rows of a node best, by exact integer sums: least Gini impurity for classes, least
/// variance for numbers.</summary>
internal sealed class SplitScan<TRow>(int slots, int minSamplesLeaf)
    where TRow : struct, IForestRow<TRow>
{
    // A cell holds the slots of a bin; before them its draws and weight, where the slots do not tell.
    private static readonly int FirstSlot = TRow.IsWeighted ? 2 : 0;
    private readonly int width = FirstSlot + slots;
    private readonly long[] cells = new long[256 * (FirstSlot + slots)];
    private readonly NodeSums left = new(slots);
    private readonly NodeSums right = new(slots);

    /// <summary>Improves <paramref name="best"/> with the splits of one column.</summary>
    /// <param name="node">The sums of <paramref name="rows"/>.</param>
    /// <returns>False when the column has one bin in these rows.</returns>
    public bool Scan(
        ReadOnlySpan<TRow> rows, byte[] column, ColumnBins bins, int columnIndex, NodeSums node, ref ForestSplit best)
    {
        (int low, int high) = Fill(rows, column);
        bool varies = low < high;
        if (varies)
        {
            int missing = bins.HasMissing && high == bins.ValueBins ? high : -1;
            Sweep(low, high - 1, missing, false, columnIndex, node, ref best);
            if (missing >= 0)
            {
                Sweep(low, missing - 2, missing, true, columnIndex, node, ref best);
            }
        }

        cells.AsSpan(low * width, (high - low + 1) * width).Clear();
        return varies;
    }

    private (int Low, int High) Fill(ReadOnlySpan<TRow> rows, byte[] column)
    {
        int low = byte.MaxValue;
        int high = 0;
        foreach (ref readonly TRow row in rows)
        {
            int bin = column[row.Row];
            int cell = bin * width;
            if (TRow.IsWeighted)
            {
                cells[cell] += row.Draws;
                cells[cell + 1] += row.Weight;
            }

            cells[cell + FirstSlot + row.Slot] += row.Value;
            low = Math.Min(low, bin);
            high = Math.Max(high, bin);
        }

        return (low, high);
    }

    private void Sweep(
        int first, int last, int missing, bool missingLeft, int columnIndex, NodeSums node, ref ForestSplit best)
    {
        left.Clear();
        right.CopyFrom(node);
        if (missingLeft)
        {
            MoveLeft(missing);
        }

        for (int bin = first; bin <= last; bin++)
        {
            if (!MoveLeft(bin) || left.Draws < minSamplesLeaf || right.Draws < minSamplesLeaf)
            {
                continue;
            }

            double score = left.Score + right.Score;
            if (score > best.Score)
            {
                best = new ForestSplit(score, columnIndex, bin, missingLeft);
            }
        }
    }

    /// <returns>False when the bin is empty.</returns>
    private bool MoveLeft(int bin)
    {
        ReadOnlySpan<long> cell = cells.AsSpan(bin * width, width);
        long draws = 0;
        long weight = 0;
        if (TRow.IsWeighted)
        {
            draws = cell[0];
            weight = cell[1];
            if (draws == 0)
            {
                return false;
            }
        }

        ReadOnlySpan<long> values = cell[FirstSlot..];
        for (int k = 0; k < values.Length; k++)
        {
            long value = values[k];
            if (value == 0)
            {
                continue;
            }

            left.Add(k, value);
            right.Add(k, -value);
            if (!TRow.IsWeighted)
            {
                draws += value;
                weight = draws;
            }
        }

        left.Count(draws, weight);
        right.Count(-draws, -weight);
        return draws > 0;
    }
}
