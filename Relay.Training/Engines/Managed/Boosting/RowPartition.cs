using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Which rows are in which node: one list per tree, of which every node has a part.</summary>
/// <param name="round">The rows that take part; the others go along to get their scores.</param>
/// <param name="margins">Per tree and row, the sum of the trees so far; a leaf adds its value.</param>
internal sealed class RowPartition(BinnedRows data, RowSampler round, float[][] margins, int threads)
{
    private readonly int[] _all = [.. Enumerable.Range(0, data.RowCount)];
    private readonly int[][] _lists = [.. margins.Select(_ => new int[data.RowCount])];
    private readonly int[][] _spares = [.. Enumerable.Range(0, threads).Select(_ => new int[data.RowCount])];

    /// <summary>Puts all rows into the root of a tree again.</summary>
    public void Reset(int tree) => _all.CopyTo(_lists[tree], 0);

    public ReadOnlySpan<int> RowsOf(BoostingNode node) => _lists[node.Tree].AsSpan(node.Begin, node.Rows);

    /// <summary>Parts the rows of a node as its split says. This is where rows are counted that take part.</summary>
    /// <param name="worker">Whose spare list to use.</param>
    /// <returns>How many rows of the list are on the left, and the totals of those of all shards that take part.</returns>
    public (int Rows, NodeTotals Left) Part(BoostingNode node, int worker)
    {
        GainSplit split = node.Split;
        byte[] column = data.ByColumn[split.Column];
        Span<bool> goesLeft = stackalloc bool[256];
        FillSides(goesLeft, split);
        Span<int> own = _lists[node.Tree].AsSpan(node.Begin, node.Rows);
        int[] spare = _spares[worker];
        ReadOnlySpan<byte> counts = round.Counts;
        int left = 0;
        int right = 0;
        long leftCount = 0;
        foreach (int row in own)
        {
            // Without a branch: both lists take the row, one moves on.
            bool isLeft = goesLeft[column[row]];
            own[left] = row;
            spare[right] = row;
            left += isLeft ? 1 : 0;
            right += isLeft ? 0 : 1;
            leftCount += isLeft ? counts[row] : 0;
        }

        spare.AsSpan(0, right).CopyTo(own[left..]);
        Span<long> sums = [leftCount, round.IsEven ? leftCount : Weigh(own[..left])];
        data.Shards.Sum(sums);
        return (left, new NodeTotals(split.Left, sums[0], sums[1]));
    }

    /// <summary>Rows of all shards that take part, on the left of the node's split.</summary>
    public long CountLeft(BoostingNode node)
    {
        byte[] column = data.ByColumn[node.Split.Column];
        Span<bool> goesLeft = stackalloc bool[256];
        FillSides(goesLeft, node.Split);
        ReadOnlySpan<byte> counts = round.Counts;
        long left = 0;
        foreach (int row in RowsOf(node))
        {
            left += goesLeft[column[row]] ? counts[row] : 0;
        }

        Span<long> sum = [left];
        data.Shards.Sum(sum);
        return sum[0];
    }

    public void AddLeaf(BoostingNode node)
    {
        float[] scores = margins[node.Tree];
        foreach (int row in RowsOf(node))
        {
            scores[row] += node.LeafValue;
        }
    }

    /// <summary>Rows of all shards that take part, per bin of every column: sums of gradients do not tell how many there are.</summary>
    public long[] CountByBin(BoostingNode node)
    {
        long[] counts = new long[data.Offsets[^1]];
        for (int c = 0; c < data.ColumnCount; c++)
        {
            byte[] column = data.ByColumn[c];
            Span<long> cells = counts.AsSpan(data.Offsets[c]);
            foreach (int row in RowsOf(node))
            {
                cells[column[row]] += round.Counts[row];
            }
        }

        data.Shards.Sum(counts);
        return counts;
    }

    private void FillSides(Span<bool> goesLeft, GainSplit split) =>
        BinSides.Fill(goesLeft, split.LastLeftBin, data.Bins[split.Column].ValueBins, split.MissingLeft);

    private long Weigh(ReadOnlySpan<int> rows)
    {
        long weight = 0;
        foreach (int row in rows)
        {
            weight += round.Weight(row);
        }

        return weight;
    }
}
