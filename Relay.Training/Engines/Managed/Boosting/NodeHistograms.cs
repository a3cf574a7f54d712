using System.Collections.Concurrent;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Makes the histograms of nodes. This is where derivatives are summed that decide on splits.</summary>
internal sealed class NodeHistograms : IDisposable
{
    // Below this a second thread costs more than it saves.
    private const int LeastSharedRows = 1 << 14;

    private readonly ISparseRows sparse;
    private readonly RowPartition rows;
    private readonly HistogramPool pool;
    private readonly BinnedRows data;
    private readonly GradientTable gradients;
    private readonly ConcurrentBag<HistogramBuilder> free = [];
    private readonly ConcurrentBag<HistogramBuilder> builders = [];

    public NodeHistograms(BinnedRows data, GradientTable gradients, RowPartition rows, int threads, CancellationToken cancellationToken)
    {
        this.rows = rows;
        int cells = Histogram.CellsFor(data);
        sparse = cells <= ushort.MaxValue + 1
            ? new SparseRows<ushort>(data, threads, cancellationToken)
            : new SparseRows<int>(data, threads, cancellationToken);
        pool = new HistogramPool(cells);
        this.data = data;
        this.gradients = gradients;
    }

    /// <summary>Sums over the node's rows of all shards.</summary>
    /// <param name="threads">As many as should work on it.</param>
    public Histogram Build(BoostingNode node, int threads)
    {
        Histogram histogram = BuildOwn(node, threads);
        data.Shards.Sum(histogram.Numbers);
        return histogram;
    }

    private Histogram BuildOwn(BoostingNode node, int threads)
    {
        if (threads == 1 || node.Rows < LeastSharedRows)
        {
            return BuildPart(rows.RowsOf(node), node.Tree);
        }

        Histogram[] parts = new Histogram[threads];
        Parallel.For(0, threads, part => parts[part] = BuildPart(
            rows.RowsOf(node)[(int)((long)node.Rows * part / threads)..(int)((long)node.Rows * (part + 1) / threads)], node.Tree));
        foreach (Histogram part in parts.AsSpan(1))
        {
            parts[0].Add(part);
            pool.Return(part);
        }

        return parts[0];
    }

    public void Return(Histogram histogram) => pool.Return(histogram);

    public void Dispose()
    {
        sparse.Dispose();
        pool.Dispose();
        foreach (HistogramBuilder builder in builders)
        {
            builder.Dispose();
        }
    }

    private Histogram BuildPart(ReadOnlySpan<int> part, int tree)
    {
        Histogram histogram = pool.Rent();
        HistogramBuilder builder = free.TryTake(out HistogramBuilder? used) ? used : Create();
        builder.Build(sparse, histogram, part, tree);
        free.Add(builder);
        return histogram;
    }

    private HistogramBuilder Create()
    {
        HistogramBuilder builder = new(data, gradients);
        builders.Add(builder);
        return builder;
    }
}
