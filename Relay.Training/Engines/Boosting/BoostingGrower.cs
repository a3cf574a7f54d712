using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Boosting;

/// <summary>Grows the trees of one round, all at once: any free thread takes the next node of any tree.</summary>
internal sealed class BoostingGrower : IDisposable
{
    private readonly BinnedRows data;
    private readonly BoostingParameters parameters;
    private readonly NodeRows rows;
    private readonly HistogramPool pool;
    private readonly HistogramBuilder[] builders;

    /// <param name="rows">Growing adds the values of leaves to their scores.</param>
    public BoostingGrower(BinnedRows data, BoostingParameters parameters, GradientTable gradients, NodeRows rows, int threads)
    {
        this.data = data;
        this.parameters = parameters;
        this.rows = rows;
        pool = new HistogramPool(data.Offsets[^1]);
        builders = [.. Enumerable.Range(0, threads).Select(_ => new HistogramBuilder(data, gradients))];
    }

    public void Dispose()
    {
        pool.Dispose();
        foreach (HistogramBuilder builder in builders)
        {
            builder.Dispose();
        }
    }

    /// <param name="totals">Per tree, the sums over all rows.</param>
    /// <param name="columns">Per tree, the columns that it may split by.</param>
    /// <returns>The roots.</returns>
    public BoostingNode[] Grow(NodeTotals[] totals, int[][] columns, GainScan scan, CancellationToken cancellationToken)
    {
        BoostingNode[] roots = [.. totals.Select((total, tree) => new BoostingNode
        {
            Tree = tree, Begin = 0, End = data.RowCount, Depth = 0, Totals = total,
        })];
        foreach (BoostingNode root in roots)
        {
            rows.Reset(root.Tree);
        }

        if (roots.Length < builders.Length)
        {
            ShareOutRoots(roots, cancellationToken);
        }

        NodeQueue queue = new(roots);
        ParallelOptions options = new() { MaxDegreeOfParallelism = builders.Length, CancellationToken = cancellationToken };
        Parallel.For(0, builders.Length, options, worker =>
        {
            try
            {
                while (queue.Take() is { } node)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    SplitNode(node, columns[node.Tree], scan, worker, queue);
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

    // The roots are a good part of all work; with fewer trees than threads their columns are shared out.
    private void ShareOutRoots(BoostingNode[] roots, CancellationToken cancellationToken)
    {
        int parts = Math.Clamp(data.ColumnCount, 1, builders.Length);
        foreach (BoostingNode root in roots)
        {
            root.Histogram = pool.Rent();
            WorkerLoop.Run(
                parts, parts,
                part => builders[part].Add(
                    root.Histogram, rows.Of(root), root.Tree,
                    data.ColumnCount * part / parts, data.ColumnCount * (part + 1) / parts),
                cancellationToken);
        }
    }

    private void SplitNode(BoostingNode node, int[] columns, GainScan scan, int worker, NodeQueue queue)
    {
        if (!MaySplit(node, scan))
        {
            EndInLeaf(node, scan);
            return;
        }

        node.Histogram ??= Build(node, worker);
        node.Split = scan.Find(node, node.Histogram, columns, parameters.MinSamplesLeaf > 1 ? rows.CountByBin(node) : null);
        if (node.Split.Column < 0)
        {
            EndInLeaf(node, scan);
            return;
        }

        AddChildren(node, scan, worker);
        (BoostingNode smaller, BoostingNode larger) =
            node.Left!.Rows <= node.Right!.Rows ? (node.Left, node.Right) : (node.Right, node.Left);
        if (MaySplit(larger, scan))
        {
            smaller.Histogram = Build(smaller, worker);
            node.Histogram.Subtract(smaller.Histogram);
            larger.Histogram = node.Histogram;
            node.Histogram = null;
        }
        else
        {
            Release(node);
        }

        queue.Add(larger);
        queue.Add(smaller);
    }

    private bool MaySplit(BoostingNode node, GainScan scan) =>
        node.Depth < parameters.Depth
        && node.Totals.Count >= parameters.MinSamplesSplit
        && node.Totals.Count >= 2L * parameters.MinSamplesLeaf
        && scan.MaySplit(node.Totals.Sum);

    private Histogram Build(BoostingNode node, int worker)
    {
        Histogram histogram = pool.Rent();
        builders[worker].Add(histogram, rows.Of(node), node.Tree, 0, data.ColumnCount);
        return histogram;
    }

    private void AddChildren(BoostingNode node, GainScan scan, int worker)
    {
        (int leftRows, NodeTotals left) = rows.Part(node, worker);
        NodeTotals all = node.Totals;
        if (!node.Split.HasMissing)
        {
            // Nothing was learned of missing values: they go to the heavier side. Rows that miss the value without having a
            // say, watched ones for instance, have to go there as well.
            bool missingLeft = left.Weight >= all.Weight - left.Weight;
            node.Split = node.Split with { MissingLeft = missingLeft };
            if (missingLeft && data.Bins[node.Split.Column].HasMissing)
            {
                (leftRows, left) = rows.Part(node, worker);
            }
        }

        (ValueRange leftRange, ValueRange rightRange) = scan.Ranges(node);
        node.Left = Child(node.Begin, node.Begin + leftRows, left, leftRange);
        node.Right = Child(
            node.Begin + leftRows, node.End, new(all.Sum - left.Sum, all.Count - left.Count, all.Weight - left.Weight), rightRange);

        BoostingNode Child(int begin, int end, NodeTotals totals, ValueRange range) => new()
        {
            Tree = node.Tree, Begin = begin, End = end, Depth = node.Depth + 1, Totals = totals, Range = range,
        };
    }

    private void EndInLeaf(BoostingNode node, GainScan scan)
    {
        Release(node);
        node.LeafValue = scan.LeafValue(node);
        rows.AddLeaf(node);
    }

    private void Release(BoostingNode node)
    {
        if (node.Histogram is { } histogram)
        {
            pool.Return(histogram);
            node.Histogram = null;
        }
    }
}
