using Relay.Training.Engines.Binning;
using Relay.Training.Ensembles;

namespace Relay.Training.Engines.Forest;

/// <summary>Grows single trees; one thread at a time uses it, for any number of trees in turn.</summary>
internal sealed class ForestTreeGrower
{
    private readonly BinnedRows data;
    private readonly ForestParameters parameters;
    private readonly int classCount;
    private readonly int columnsPerSplit;
    private readonly GiniScan scan;
    private readonly ForestRow[] bag;
    private readonly ForestRow[] scratch;
    private readonly int[] drawn;
    private readonly int[] columnOrder;
    private readonly bool[] goesLeft = new bool[256];
    private readonly float[] leaf;
    private TreeBuilder tree = null!;
    private RandomStream random;
    private CancellationToken cancellation;

    public ForestTreeGrower(BinnedRows data, int featureCount, int classCount, ForestParameters parameters)
    {
        this.data = data;
        this.parameters = parameters;
        this.classCount = classCount;
        columnsPerSplit = parameters.ColumnsPerSplit(featureCount);
        scan = new GiniScan(classCount, parameters.MinSamplesLeaf);
        bag = new ForestRow[data.RowCount];
        scratch = new ForestRow[data.RowCount];
        drawn = new int[data.RowCount];
        columnOrder = new int[data.ColumnCount];
        leaf = new float[classCount];
    }

    public Tree Grow(int index, CancellationToken cancellationToken)
    {
        random = new RandomStream(parameters.Seed, index);
        cancellation = cancellationToken;
        for (int c = 0; c < columnOrder.Length; c++)
        {
            columnOrder[c] = c;
        }

        tree = new TreeBuilder(-1, classCount);
        GrowNode(bag.AsSpan(0, FillBag()), 0);
        return tree.Build();
    }

    // Draws as many rows as the set has, with replacement, and keeps each row once with the number of its draws.
    private int FillBag()
    {
        drawn.AsSpan().Clear();
        foreach (int row in data.RowOf)
        {
            drawn[parameters.Bootstrap ? data.RowOf[random.Below(data.RowOf.Length)] : row]++;
        }

        int count = 0;
        for (int row = 0; row < drawn.Length; row++)
        {
            if (drawn[row] > 0)
            {
                bag[count++] = new ForestRow(row, data.Labels[row], drawn[row]);
            }
        }

        return count;
    }

    private void GrowNode(Span<ForestRow> rows, int depth)
    {
        cancellation.ThrowIfCancellationRequested();
        Span<long> counts = classCount <= 64 ? stackalloc long[classCount] : new long[classCount];
        counts.Clear();
        long total = 0;
        foreach (ref readonly ForestRow row in rows)
        {
            counts[row.Label] += row.Weight;
            total += row.Weight;
        }

        GiniSplit split = depth < parameters.Depth && total >= parameters.MinSamplesSplit && !counts.Contains(total)
            ? FindSplit(rows, counts)
            : GiniSplit.None;
        if (split.Column < 0)
        {
            AddLeaf(counts, total);
            return;
        }

        ColumnBins bins = data.Bins[split.Column];
        (int leftRows, bool missingLeft) = Partition(rows, data.ByColumn[split.Column], bins, split);
        int node = tree.AddSplit(data.Features[split.Column], bins.Threshold(split.LastLeftBin), missingLeft);
        GrowNode(rows[..leftRows], depth + 1);
        tree.SetRight(node);
        GrowNode(rows[leftRows..], depth + 1);
    }

    // As scikit-learn: columns that do not vary here do not count as tried.
    private GiniSplit FindSplit(ReadOnlySpan<ForestRow> rows, ReadOnlySpan<long> counts)
    {
        GiniSplit best = GiniSplit.None;
        int tried = 0;
        for (int i = 0; i < columnOrder.Length && tried < columnsPerSplit; i++)
        {
            int pick = i + random.Below(columnOrder.Length - i);
            (columnOrder[i], columnOrder[pick]) = (columnOrder[pick], columnOrder[i]);
            int c = columnOrder[i];
            if (scan.Scan(rows, data.ByColumn[c], data.Bins[c], c, counts, ref best))
            {
                tried++;
            }
        }

        return best;
    }

    /// <returns>Rows on the left, and where missing values go: with none of them here, to the heavier side.</returns>
    private (int LeftRows, bool MissingLeft) Partition(Span<ForestRow> rows, byte[] column, ColumnBins bins, GiniSplit split)
    {
        BinSides.Fill(goesLeft, split.LastLeftBin, bins.ValueBins, split.MissingLeft);
        int left = 0;
        int right = 0;
        long balance = 0;
        bool anyMissing = false;
        foreach (ref readonly ForestRow row in rows)
        {
            byte bin = column[row.Row];
            anyMissing |= bin == bins.ValueBins;
            if (goesLeft[bin])
            {
                rows[left++] = row;
                balance += row.Weight;
            }
            else
            {
                scratch[right++] = row;
                balance -= row.Weight;
            }
        }

        scratch.AsSpan(0, right).CopyTo(rows[left..]);
        return (left, anyMissing ? split.MissingLeft : balance >= 0);
    }

    private void AddLeaf(ReadOnlySpan<long> counts, long total)
    {
        for (int k = 0; k < leaf.Length; k++)
        {
            leaf[k] = (float)((double)counts[k] / total / parameters.Trees);
        }

        tree.AddLeaf(leaf);
    }
}
