using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>Grows single trees; one thread at a time uses it, for any number of trees in turn.</summary>
internal sealed class ForestTreeGrower<TRow>
    where TRow : struct, IForestRow<TRow>
{
    private readonly ForestData data;
    private readonly BinnedRows binned;
    private readonly ForestParameters parameters;
    private readonly ImportanceAccumulator importance;
    private readonly IShardGroup shards;
    private readonly int columnsPerSplit;
    private readonly ForestSplitFinder<TRow> scan;
    private readonly BootstrapSampler<TRow> bag;
    private readonly TRow[] scratch;
    private readonly int[] columnOrder;
    private readonly bool[] goesLeft = new bool[256];
    private readonly NodeSums node;
    private readonly float[] leaf;
    private readonly double[] gains;
    private TreeBuilder tree = null!;
    private RandomStream random;
    private CancellationToken cancellation;

    public ForestTreeGrower(ForestData data, ForestParameters parameters, ImportanceAccumulator importance)
    {
        this.data = data;
        this.parameters = parameters;
        this.importance = importance;
        binned = data.Rows;
        shards = binned.Shards;
        columnsPerSplit = parameters.ColumnsPerSplit(data.FeatureCount);

        // Others wait for every sum, so that shards add up as many columns at a time as will be tried in any case.
        scan = new ForestSplitFinder<TRow>(binned, data.Slots, parameters.MinSamplesLeaf, shards.Size > 1 ? columnsPerSplit : 1);
        bag = new BootstrapSampler<TRow>(data);
        scratch = new TRow[binned.RowCount];
        columnOrder = new int[binned.ColumnCount];
        node = new NodeSums(data.Slots);
        leaf = new float[data.Slots];
        gains = new double[binned.ColumnCount];
    }

    public Tree Grow(int index, CancellationToken cancellationToken)
    {
        random = new RandomStream(parameters.Seed, index);
        cancellation = cancellationToken;
        for (int c = 0; c < columnOrder.Length; c++)
        {
            columnOrder[c] = c;
        }

        tree = new TreeBuilder(data.Values is null ? -1 : 0, data.Slots);
        GrowNode(bag.Fill(ref random, parameters.Bootstrap), 0);
        importance.Add(gains);
        gains.AsSpan().Clear();
        return tree.Build();
    }

    private void GrowNode(Span<TRow> rows, int depth)
    {
        cancellation.ThrowIfCancellationRequested();
        node.Fill<TRow>(rows, shards);
        ForestSplit split = depth < parameters.Depth && node.Draws >= parameters.MinSamplesSplit && !IsPure(rows)
            ? FindSplit(rows)
            : ForestSplit.None;
        if (split.Column < 0)
        {
            AddLeaf();
            return;
        }

        gains[split.Column] += Math.Max(0, split.Score - node.Score);
        ColumnBins bins = binned.Bins[split.Column];
        int leftRows = Partition(rows, binned.ByColumn[split.Column], bins, split);
        int at = tree.AddSplit(binned.Features[split.Column], bins.Threshold(split.LastLeftBin), split.MissingLeft);
        GrowNode(rows[..leftRows], depth + 1);
        tree.SetRight(at);
        GrowNode(rows[leftRows..], depth + 1);
    }

    private bool IsPure(ReadOnlySpan<TRow> rows)
    {
        if (binned.Targets is not { } targets)
        {
            return node.Slots.Contains(node.Weight);
        }

        (float min, float max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (ref readonly TRow row in rows)
        {
            (min, max) = (Math.Min(min, targets[row.Row]), Math.Max(max, targets[row.Row]));
            if (min < max && shards.Size == 1)
            {
                return false;
            }
        }

        return shards.Min(min) >= shards.Max(max);
    }

    // As scikit-learn: columns that do not vary here do not count as tried.
    private ForestSplit FindSplit(ReadOnlySpan<TRow> rows)
    {
        ForestSplit best = ForestSplit.None;
        int tried = 0;
        for (int picked = 0; picked < columnOrder.Length && tried < columnsPerSplit;)
        {
            int first = picked;
            for (int end = Math.Min(columnOrder.Length, first + Math.Min(scan.Room, columnsPerSplit - tried)); picked < end; picked++)
            {
                int pick = picked + random.Below(columnOrder.Length - picked);
                (columnOrder[picked], columnOrder[pick]) = (columnOrder[pick], columnOrder[picked]);
            }

            tried += scan.Scan(rows, columnOrder.AsSpan(first, picked - first), node, ref best);
        }

        return best;
    }

    /// <returns>Rows on the left.</returns>
    private int Partition(Span<TRow> rows, byte[] column, ColumnBins bins, ForestSplit split)
    {
        BinSides.Fill(goesLeft, split.LastLeftBin, bins.ValueBins, split.MissingLeft);
        int left = 0;
        int right = 0;
        foreach (ref readonly TRow row in rows)
        {
            if (goesLeft[column[row.Row]])
            {
                rows[left++] = row;
            }
            else
            {
                scratch[right++] = row;
            }
        }

        scratch.AsSpan(0, right).CopyTo(rows[left..]);
        return left;
    }

    private void AddLeaf()
    {
        for (int k = 0; k < leaf.Length; k++)
        {
            leaf[k] = (float)((double)node.Slots[k] / node.Weight * data.Unit / parameters.Trees);
        }

        tree.AddLeaf(leaf);
    }
}
