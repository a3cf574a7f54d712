using Relay.Training.Data.Features;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Streaming;

/// <summary>The summary of a column over shards that share sums only. It is the one that merging their summaries gives
/// (docs/adr/0009-mergeable-edges.md), found by radix histograms: how many rows of all shards begin with which bits, a few bits more at a
/// time.</summary>
internal static class SummedColumn
{
    private const int KeyBits = 32;

    // So many bits never give more than the largest number of cells.
    private const int CoarseBits = 16;
    private const int CoarseStep = 8;
    private const int FineStep = 4;

    // A cell that holds several tenths of the rows moves later bins of a profile by as many cells.
    private const int CellsAfterTenth = ColumnProfile.MaxBins;

    public static ColumnSummary Merge(ColumnSummary own, IShardGroup shards)
    {
        ValueCell[] cells = own.Cells();
        int maxBits = KeyBits - (int)shards.MaxKey((ulong)own.Shift, bits: 8);
        long missing = shards.Sum(own.Missing);
        Level level = new(0, [0], [0]);
        while (level.Bits < maxBits && level.Prefixes.Length > 0)
        {
            int step = level.Bits < CoarseBits ? CoarseStep : FineStep;
            level = Refine(level, Math.Min(level.Bits + step, maxBits), cells, shards);
            if (level.Prefixes.Length > ColumnSummary.MaxCells)
            {
                while (level.Prefixes.Length > ColumnSummary.MaxCells)
                {
                    level = level.Shorten();
                }

                break;
            }
        }

        return ColumnSummary.Create(KeyBits - level.Bits, missing, FindRanges(level, cells, shards));
    }

    // Counts the rows below each prefix, by the next bits.
    private static Level Refine(Level level, int bits, ValueCell[] cells, IShardGroup shards)
    {
        int step = bits - level.Bits;
        long[] rows = new long[level.Prefixes.Length << step];
        foreach (ValueCell cell in cells)
        {
            ulong prefix = (ulong)cell.Min >> (KeyBits - bits);
            int parent = Array.BinarySearch(level.Prefixes, prefix >> step);
            rows[(parent << step) + (int)(prefix & ((1UL << step) - 1))] += cell.Rows;
        }

        shards.Sum(rows);
        int[] occupied = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i] > 0)];
        return new Level(
            bits, Array.ConvertAll(occupied, i => (level.Prefixes[i >> step] << step) | ((ulong)i & ((1UL << step) - 1))),
            Array.ConvertAll(occupied, i => rows[i]));
    }

    // Where a cell is one value, the range is known. Else it is found for the cells that edges and profiles read, and no others.
    private static ValueCell[] FindRanges(Level level, ValueCell[] own, IShardGroup shards)
    {
        int shift = KeyBits - level.Bits;
        uint rest = (uint)((1UL << shift) - 1);
        ValueCell[] all =
        [
            .. level.Prefixes.Zip(level.Rows, (prefix, rows) => new ValueCell((uint)(prefix << shift), (uint)(prefix << shift) | rest, rows)),
        ];
        if (shift == 0 || all.Length == 0)
        {
            return all;
        }

        int[] needed = FindNeeded(all);
        ulong?[] max = new ulong?[needed.Length];
        ulong?[] belowMin = new ulong?[needed.Length];
        foreach (ValueCell cell in own)
        {
            int place = Array.BinarySearch(needed, Array.BinarySearch(level.Prefixes, (ulong)cell.Min >> shift));
            if (place >= 0)
            {
                max[place] = Math.Max(max[place] ?? 0, cell.Max & rest);
                belowMin[place] = Math.Max(belowMin[place] ?? 0, rest - (cell.Min & rest));
            }
        }

        int bits = (shift + 7) / 8 * 8;
        ulong[] maxOfAll = shards.MaxKeys(max, bits);
        ulong[] belowMinOfAll = shards.MaxKeys(belowMin, bits);
        foreach ((int i, int at) in needed.Index())
        {
            uint prefix = all[at].Min;
            all[at] = all[at] with { Min = prefix | (rest - (uint)belowMinOfAll[i]), Max = prefix | (uint)maxOfAll[i] };
        }

        return all;
    }

    // The cells on both sides of each edge, and those that a profile may end a bin with.
    private static int[] FindNeeded(ValueCell[] cells)
    {
        SortedSet<int> needed = [0, cells.Length - 1, .. BinEdges.FindLasts(cells).SelectMany(last => new[] { last, last + 1 })];
        long rows = cells.Sum(c => c.Rows);
        long before = 0;
        foreach ((int i, ValueCell cell) in cells.Index())
        {
            long tenth = before * ColumnProfile.MaxBins / rows;
            before += cell.Rows;
            if (before * ColumnProfile.MaxBins / rows > tenth)
            {
                needed.UnionWith(Enumerable.Range(i, Math.Min(CellsAfterTenth, cells.Length - i)));
            }
        }

        return [.. needed];
    }

    /// <summary>How many rows of all shards begin with which bits.</summary>
    /// <param name="Prefixes">In ascending order, each with rows.</param>
    private sealed record Level(int Bits, ulong[] Prefixes, long[] Rows)
    {
        /// <summary>The same with one bit less.</summary>
        public Level Shorten()
        {
            List<ulong> prefixes = [];
            List<long> rows = [];
            foreach ((ulong prefix, long count) in Prefixes.Zip(Rows))
            {
                if (prefixes.Count > 0 && prefixes[^1] == prefix >> 1)
                {
                    rows[^1] += count;
                }
                else
                {
                    prefixes.Add(prefix >> 1);
                    rows.Add(count);
                }
            }

            return new Level(Bits - 1, [.. prefixes], [.. rows]);
        }
    }
}
