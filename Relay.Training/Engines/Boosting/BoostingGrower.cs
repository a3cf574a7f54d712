using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Boosting;

/// <summary>Grows the trees of one round, all at once: any free thread takes the next node of any tree.</summary>
internal sealed class BoostingGrower : IDisposable
{
    private readonly BinnedRows data;
    private readonly BoostingParameters parameters;
    private readonly GradientTable gradients;
    private readonly float[][] margins;
    private readonly int[] allRows;
    private readonly int[][] rows;
    private readonly int[][] scratch;
    private readonly int threads;
    private readonly HistogramPool pool;
    private readonly GainScan scan;

    /// <param name="margins">Per tree of a round, the raw score of each row; growing adds the leaf values.</param>
    public BoostingGrower(
        BinnedRows data, BoostingParameters parameters, GradientTable gradients, float[][] margins, int threads)
    {
        this.data = data;
        this.parameters = parameters;
        this.gradients = gradients;
        this.margins = margins;
        this.threads = threads;
        allRows = [.. Enumerable.Range(0, data.RowCount)];
        rows = [.. margins.Select(_ => new int[data.RowCount])];
        scratch = [.. Enumerable.Range(0, threads).Select(_ => new int[data.RowCount])];
        pool = new HistogramPool(data);
        scan = new GainScan(data, parameters);
    }

    public void Dispose() => pool.Dispose();

    /// <param name="sums">Per tree, the derivatives summed over all rows.</param>
    /// <returns>The roots.</returns>
    public BoostingNode[] Grow(GradientSum[] sums, CancellationToken cancellationToken)
    {
        BoostingNode[] roots = [.. sums.Select((sum, tree) => new BoostingNode
        {
            Tree = tree, Begin = 0, End = data.RowCount, Depth = 0, Weight = data.RowOf.Length, Sum = sum,
        })];
        BuildRoots(roots, cancellationToken);
        NodeQueue queue = new();
        foreach (BoostingNode root in roots)
        {
            queue.Add(root);
        }

        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, threads, options, worker =>
        {
            try
            {
                while (queue.Take() is { } node)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    SplitNode(node, scratch[worker], queue);
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

    // The roots hold half of all work; with fewer trees than threads their columns are shared out.
    private unsafe void BuildRoots(BoostingNode[] roots, CancellationToken cancellationToken)
    {
        int parts = roots.Length >= threads ? 1 : Math.Min(threads, Math.Max(1, data.ColumnCount));
        foreach (BoostingNode root in roots)
        {
            root.Histogram = pool.Rent();
            allRows.CopyTo(rows[root.Tree], 0);
        }

        WorkerLoop.Run(roots.Length * parts, threads, piece =>
        {
            BoostingNode root = roots[piece / parts];
            int part = piece % parts;
            root.Histogram!.Add(
                allRows, gradients.Pairs(root.Tree), data.ColumnCount * part / parts, data.ColumnCount * (part + 1) / parts);
        }, cancellationToken);
    }

    private void SplitNode(BoostingNode node, int[] spare, NodeQueue queue)
    {
        if (!MaySplit(node))
        {
            EndInLeaf(node);
            return;
        }

        node.Histogram ??= Build(node);
        node.Split = scan.Find(node, node.Histogram, CountRows(node));
        if (node.Split.Column < 0)
        {
            EndInLeaf(node);
            return;
        }

        Partition(node, spare);
        (BoostingNode smaller, BoostingNode larger) =
            node.Left!.Rows <= node.Right!.Rows ? (node.Left, node.Right) : (node.Right, node.Left);
        if (MaySplit(larger))
        {
            smaller.Histogram = Build(smaller);
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

    private bool MaySplit(BoostingNode node) =>
        node.Depth < parameters.Depth
        && node.Weight >= parameters.MinSamplesSplit
        && node.Weight >= 2L * parameters.MinSamplesLeaf
        && scan.MaySplit(node.Sum);

    private unsafe Histogram Build(BoostingNode node)
    {
        Histogram histogram = pool.Rent();
        histogram.Add(
            rows[node.Tree].AsSpan(node.Begin, node.Rows), gradients.Pairs(node.Tree), 0, data.ColumnCount);
        return histogram;
    }

    // Derivatives alone do not tell how many rows are in a bin.
    private int[]? CountRows(BoostingNode node)
    {
        if (parameters.MinSamplesLeaf <= 1)
        {
            return null;
        }

        int[] counts = new int[data.Offsets[^1]];
        for (int c = 0; c < data.ColumnCount; c++)
        {
            byte[] column = data.ByColumn[c];
            Span<int> cells = counts.AsSpan(data.Offsets[c]);
            foreach (int row in rows[node.Tree].AsSpan(node.Begin, node.Rows))
            {
                cells[column[row]] += data.Weights[row];
            }
        }

        return counts;
    }

    private void Partition(BoostingNode node, int[] spare)
    {
        GainSplit split = node.Split;
        byte[] column = data.ByColumn[split.Column];
        Span<bool> goesLeft = stackalloc bool[256];
        BinSides.Fill(goesLeft, split.LastLeftBin, data.Bins[split.Column].ValueBins, split.MissingLeft);
        Span<int> own = rows[node.Tree].AsSpan(node.Begin, node.Rows);
        int left = 0;
        int right = 0;
        long leftWeight = 0;
        foreach (int row in own)
        {
            // Without a branch: both lists take the row, one moves on.
            bool isLeft = goesLeft[column[row]];
            own[left] = row;
            spare[right] = row;
            left += isLeft ? 1 : 0;
            right += isLeft ? 0 : 1;
            leftWeight += isLeft ? data.Weights[row] : 0;
        }

        spare.AsSpan(0, right).CopyTo(own[left..]);
        node.Left = Child(node, node.Begin, node.Begin + left, leftWeight, split.Left);
        node.Right = Child(node, node.Begin + left, node.End, node.Weight - leftWeight, node.Sum - split.Left);
    }

    private static BoostingNode Child(BoostingNode parent, int begin, int end, long weight, GradientSum sum) => new()
    {
        Tree = parent.Tree, Begin = begin, End = end, Depth = parent.Depth + 1, Weight = weight, Sum = sum,
    };

    private void EndInLeaf(BoostingNode node)
    {
        Release(node);
        node.LeafValue = scan.LeafValue(node.Sum);
        float[] scores = margins[node.Tree];
        foreach (int row in rows[node.Tree].AsSpan(node.Begin, node.Rows))
        {
            scores[row] += node.LeafValue;
        }
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
