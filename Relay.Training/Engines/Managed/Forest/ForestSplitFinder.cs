using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>Finds the best split of the rows of a node, by exact integer sums over all shards: lowest Gini impurity for
/// classes, lowest variance for numbers.</summary>
/// <param name="room">How many columns it can scan at a time.</param>
internal sealed class ForestSplitFinder<TRow>(BinnedRows binned, int slots, int minSamplesLeaf, int room)
    where TRow : struct, IForestRow<TRow>
{
    // A cell holds the slots of a bin; before them its draws and weight, where the slots do not tell.
    private static readonly int FirstSlot = TRow.IsWeighted ? 2 : 0;
    private readonly int _width = FirstSlot + slots;
    private readonly long[] _cells = new long[room * 256 * (FirstSlot + slots)];
    private readonly NodeSums _left = new(slots);
    private readonly NodeSums _right = new(slots);

    public int Room => room;

    /// <summary>Improves <paramref name="best"/> with the splits of some columns, in their order.</summary>
    /// <param name="node">The sums of the node's rows on all shards.</param>
    /// <returns>How many of the columns have more than one bin in these rows.</returns>
    public int Scan(ReadOnlySpan<TRow> rows, ReadOnlySpan<int> columns, NodeSums node, ref ForestSplit best)
    {
        int length = 0;
        (int Low, int High) range = default;
        foreach (int c in columns)
        {
            range = Fill(rows, binned.ByColumn[c], length);
            length += binned.Bins[c].Bins * _width;
        }

        bool isShared = binned.Shards.Size > 1;
        if (isShared)
        {
            binned.Shards.Sum(_cells.AsSpan(0, length));
        }

        int varying = 0;
        int start = 0;
        foreach (int c in columns)
        {
            ColumnBins bins = binned.Bins[c];
            (int low, int high) = isShared ? RangeOf(start, bins.Bins) : range;
            if (low < high)
            {
                varying++;
                int missing = bins.HasMissing && high == bins.ValueBins ? high : -1;
                Sweep(start, low, high - 1, missing, false, c, node, ref best);
                if (missing >= 0)
                {
                    Sweep(start, low, missing - 2, missing, true, c, node, ref best);
                }
            }

            _cells.AsSpan(start + (low * _width), (high - low + 1) * _width).Clear();
            start += bins.Bins * _width;
        }

        return varying;
    }

    private (int Low, int High) Fill(ReadOnlySpan<TRow> rows, byte[] column, int start)
    {
        int low = byte.MaxValue;
        int high = 0;
        foreach (ref readonly TRow row in rows)
        {
            int bin = column[row.Row];
            int cell = start + (bin * _width);
            if (TRow.IsWeighted)
            {
                _cells[cell] += row.Draws;
                _cells[cell + 1] += row.Weight;
            }

            _cells[cell + FirstSlot + row.Slot] += row.Value;
            low = Math.Min(low, bin);
            high = Math.Max(high, bin);
        }

        return (low, high);
    }

    // A node has rows on some shard, so that some bin is not empty.
    private (int Low, int High) RangeOf(int start, int bins)
    {
        ReadOnlySpan<long> column = _cells.AsSpan(start, bins * _width);
        return (column.IndexOfAnyExcept(0) / _width, column.LastIndexOfAnyExcept(0) / _width);
    }

    private void Sweep(
        int start, int first, int last, int missing, bool missingLeft, int columnIndex, NodeSums node, ref ForestSplit best)
    {
        _left.Clear();
        _right.CopyFrom(node);
        if (missingLeft)
        {
            MoveLeft(start, missing);
        }

        for (int bin = first; bin <= last; bin++)
        {
            if (!MoveLeft(start, bin) || _left.Draws < minSamplesLeaf || _right.Draws < minSamplesLeaf)
            {
                continue;
            }

            double score = _left.Score + _right.Score;
            if (score > best.Score)
            {
                best = new ForestSplit(score, columnIndex, bin, missing < 0 ? _left.Weight >= _right.Weight : missingLeft);
            }
        }
    }

    /// <returns>False when the bin is empty.</returns>
    private bool MoveLeft(int start, int bin)
    {
        ReadOnlySpan<long> cell = _cells.AsSpan(start + (bin * _width), _width);
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

            _left.Add(k, value);
            _right.Add(k, -value);
            if (!TRow.IsWeighted)
            {
                draws += value;
                weight = draws;
            }
        }

        _left.Count(draws, weight);
        _right.Count(-draws, -weight);
        return draws > 0;
    }
}
