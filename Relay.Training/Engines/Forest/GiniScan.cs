using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Forest;

/// <summary>Finds where a column parts the rows of a node best, by exact integer class counts.</summary>
internal sealed class GiniScan(int classCount, int minSamplesLeaf)
{
    private readonly int[] cells = new int[256 * classCount];
    private readonly long[] left = new long[classCount];
    private readonly long[] right = new long[classCount];
    private long leftRows;
    private long rightRows;
    private double leftSquares;
    private double rightSquares;

    /// <summary>Improves <paramref name="best"/> with the splits of one column.</summary>
    /// <returns>False when the column has one bin in these rows.</returns>
    public bool Scan(
        ReadOnlySpan<ForestRow> rows, byte[] column, ColumnBins bins, int columnIndex, ReadOnlySpan<long> counts, ref GiniSplit best)
    {
        int low = byte.MaxValue;
        int high = 0;
        foreach (ref readonly ForestRow row in rows)
        {
            int bin = column[row.Row];
            cells[(bin * classCount) + row.Label] += row.Weight;
            low = Math.Min(low, bin);
            high = Math.Max(high, bin);
        }

        bool varies = low < high;
        if (varies)
        {
            int missing = bins.HasMissing && high == bins.ValueBins ? high : -1;
            int last = missing < 0 ? high - 1 : high;
            Sweep(low, missing < 0 ? last : missing - 1, missing, false, columnIndex, counts, ref best);
            if (missing >= 0)
            {
                Sweep(low, missing - 2, missing, true, columnIndex, counts, ref best);
            }
        }

        cells.AsSpan(low * classCount, (high - low + 1) * classCount).Clear();
        return varies;
    }

    private void Sweep(
        int first, int last, int missing, bool missingLeft, int columnIndex, ReadOnlySpan<long> counts, ref GiniSplit best)
    {
        left.AsSpan().Clear();
        counts.CopyTo(right);
        leftRows = 0;
        leftSquares = 0;
        rightRows = 0;
        rightSquares = 0;
        foreach (long count in counts)
        {
            rightRows += count;
            rightSquares += (double)count * count;
        }

        if (missingLeft)
        {
            MoveLeft(missing);
        }

        for (int bin = first; bin <= last; bin++)
        {
            if (!MoveLeft(bin) || leftRows < minSamplesLeaf || rightRows < minSamplesLeaf)
            {
                continue;
            }

            double score = (leftSquares / leftRows) + (rightSquares / rightRows);
            if (score > best.Score)
            {
                best = new GiniSplit(score, columnIndex, bin, missingLeft);
            }
        }
    }

    /// <returns>False when the bin is empty.</returns>
    private bool MoveLeft(int bin)
    {
        bool moved = false;
        ReadOnlySpan<int> cell = cells.AsSpan(bin * classCount, classCount);
        for (int k = 0; k < cell.Length; k++)
        {
            long count = cell[k];
            if (count == 0)
            {
                continue;
            }

            leftSquares += (double)count * ((2 * left[k]) + count);
            rightSquares += (double)count * (count - (2 * right[k]));
            left[k] += count;
            right[k] -= count;
            leftRows += count;
            rightRows -= count;
            moved = true;
        }

        return moved;
    }
}
