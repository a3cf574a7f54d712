using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Shared.Platform.Threads;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Grows the trees of one round, all at once: any free thread takes the next node of any tree, or
/// a whole tree where trees grow leaf-wise.</summary>
internal sealed class BoostingGrower
{
    private readonly BinnedRows _data;
    private readonly BoostingParameters _parameters;
    private readonly RowPartition _rows;
    private readonly NodeHistograms _histograms;
    private readonly int _threads;

    /// <param name="rows">Growing adds the values of leaves to their scores.</param>
    public BoostingGrower(
        BinnedRows data, BoostingParameters parameters, RowPartition rows, NodeHistograms histograms, int threads)
    {
        _data = data;
        _parameters = parameters;
        _rows = rows;
        _histograms = histograms;
        _threads = threads;
    }

    /// <param name="totals">Per tree, the sums over all rows.</param>
    /// <param name="columns">Per tree, the columns that it may split by.</param>
    /// <returns>The roots.</returns>
    public BoostingNode[] Grow(NodeTotals[] totals, int[][] columns, SplitFinder scan, CancellationToken cancellationToken)
    {
        BoostingNode[] roots = [.. totals.Select((total, tree) => new BoostingNode
        {
            Tree = tree, Begin = 0, End = _data.RowCount, Depth = 0, Totals = total,
        })];
        foreach (BoostingNode root in roots)
        {
            _rows.Reset(root.Tree);
        }

        // With fewer trees than threads, threads that would wait help with large nodes. Shards take the nodes in the same order,
        // so there one thread takes them and the others help.
        int takers = _data.Shards.Size > 1 ? 1 : _threads;
        int helpers = roots.Length < _threads || takers == 1 ? _threads : 1;
        if (_parameters.Leaves is { } leaves)
        {
            int workers = 0;
            int mostHistograms = (int)Math.Clamp(_parameters.HistogramBytes / takers / _histograms.BytesOfOne, 1, leaves);
            WorkerLoop.Run(
                roots.Length, takers, () => Interlocked.Increment(ref workers) - 1,
                (worker, tree) =>
                    new BestFirstTree(this, leaves, mostHistograms, columns[tree], scan, worker, helpers).Grow(roots[tree], cancellationToken),
                cancellationToken);
            return roots;
        }

        NodeQueue queue = new(roots);
        Parallel.For(0, takers, ParallelWork.CreateOptions(takers, cancellationToken), worker =>
        {
            try
            {
                while (queue.Take() is { } node)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    SplitNode(node, columns[node.Tree], scan, worker, helpers, queue);
                    queue.Finish();
                }
            }
            catch
            {
                queue.GiveUp();
                throw;
            }
        });
        return roots;
    }

    private void SplitNode(BoostingNode node, int[] columns, SplitFinder scan, int worker, int helpers, NodeQueue queue)
    {
        if (!FindSplit(node, columns, scan, helpers))
        {
            EndInLeaf(node, scan);
            return;
        }

        Split(node, scan, worker, helpers);
        (BoostingNode smaller, BoostingNode larger) =
            IsLeftSmaller(node) ? (node.Left!, node.Right!) : (node.Right!, node.Left!);
        queue.Add(larger);
        queue.Add(smaller);
    }

    /// <returns>False where the node stays a leaf.</returns>
    internal bool FindSplit(BoostingNode node, int[] columns, SplitFinder scan, int helpers)
    {
        if (!MaySplit(node, scan))
        {
            return false;
        }

        node.Histogram ??= _histograms.Build(node, helpers);
        node.Split = scan.Find(node, node.Histogram, columns, null);

        // The best of all splits is the best of those with enough rows, if it has enough. Counting for all of them is dear.
        if (node.Split.Column >= 0 && _parameters.MinSamplesLeaf > 1 && !HasRows(_rows.CountLeft(node), node))
        {
            node.Split = scan.Find(node, node.Histogram, columns, _rows.CountByBin(node));
        }

        return node.Split.Column >= 0;
    }

    private bool HasRows(long left, BoostingNode node) =>
        left >= _parameters.MinSamplesLeaf && node.Totals.Count - left >= _parameters.MinSamplesLeaf;

    /// <summary>Parts the rows of a node, and gives its histogram to the children that may split.</summary>
    internal void Split(BoostingNode node, SplitFinder scan, int worker, int helpers)
    {
        AddChildren(node, scan, worker);
        (BoostingNode smaller, BoostingNode larger) =
            IsLeftSmaller(node) ? (node.Left!, node.Right!) : (node.Right!, node.Left!);
        if (node.Histogram is not null && MaySplit(larger, scan))
        {
            smaller.Histogram = _histograms.Build(smaller, helpers);
            node.Histogram.Subtract(smaller.Histogram);
            larger.Histogram = node.Histogram;
            node.Histogram = null;
        }
        else
        {
            Release(node);
        }
    }

    // Equal rows are merged and cost once; how many are left is each shard's own, and shards have to decide alike.
    private bool IsLeftSmaller(BoostingNode node) => _data.Shards.Size == 1
        ? node.Left!.Rows <= node.Right!.Rows
        : node.Left!.Totals.Count <= node.Right!.Totals.Count;

    private bool MaySplit(BoostingNode node, SplitFinder scan) =>
        node.Depth < _parameters.Depth
        && node.Totals.Count >= _parameters.MinSamplesSplit
        && node.Totals.Count >= 2L * _parameters.MinSamplesLeaf
        && scan.MaySplit(node.Totals.Sum);

    internal void AddChildren(BoostingNode node, SplitFinder scan, int worker)
    {
        (int leftRows, NodeTotals left) = _rows.Part(node, worker);
        NodeTotals all = node.Totals;
        if (!node.Split.HasMissing)
        {
            // Nothing was learned of missing values: they go to the heavier side. Rows that miss the value without having a
            // say, watched ones for instance, have to go there as well.
            bool missingLeft = left.Weight >= all.Weight - left.Weight;
            node.Split = node.Split with { MissingLeft = missingLeft };
            if (missingLeft && _data.Bins[node.Split.Column].HasMissing)
            {
                (leftRows, left) = _rows.Part(node, worker);
            }
        }

        (ValueRange leftRange, ValueRange rightRange) = scan.Ranges(node);
        node.Left = Child(node.Begin, node.Begin + leftRows, left, leftRange);
        node.Right = Child(
            node.Begin + leftRows, node.End, new(all.Sum - left.Sum, all.Count - left.Count, all.Weight - left.Weight), rightRange);

        BoostingNode Child(int begin, int end, NodeTotals totals, ValueRange range) => new()
        {
            Tree = node.Tree,
            Begin = begin,
            End = end,
            Depth = node.Depth + 1,
            Totals = totals,
            Range = range,
        };
    }

    internal void EndInLeaf(BoostingNode node, SplitFinder scan)
    {
        Release(node);
        node.LeafValue = scan.LeafValue(node);
        _rows.AddLeaf(node);
    }

    internal void Release(BoostingNode node)
    {
        if (node.Histogram is { } histogram)
        {
            _histograms.Return(histogram);
            node.Histogram = null;
        }
    }
}
