using System.Collections.Concurrent;
using Relay.Training.Engines.Common.Binning;
using Shared.Platform.Threads;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Makes the histograms of nodes. This is where derivatives are summed that decide on splits.</summary>
internal sealed class NodeHistograms : IDisposable
{
    // Below this a second thread costs more than it saves.
    private const int LeastSharedRows = 1 << 14;

    private readonly ISparseRows _sparse;
    private readonly RowPartition _rows;
    private readonly HistogramPool _pool;
    private readonly BinnedRows _data;
    private readonly GradientTable _gradients;
    private readonly ConcurrentBag<HistogramBuilder> _free = [];
    private readonly ConcurrentBag<HistogramBuilder> _builders = [];

    public NodeHistograms(BinnedRows data, GradientTable gradients, RowPartition rows, int threads, CancellationToken cancellationToken)
    {
        _rows = rows;
        int cells = Histogram.CellsFor(data);
        _sparse = cells <= ushort.MaxValue + 1
            ? new SparseRows<ushort>(data, threads, cancellationToken)
            : new SparseRows<int>(data, threads, cancellationToken);
        _pool = new HistogramPool(cells);
        BytesOfOne = (long)cells * Histogram.BytesPerCell;
        _data = data;
        _gradients = gradients;
    }

    public long BytesOfOne { get; }

    /// <summary>Sums over the node's rows of all shards.</summary>
    /// <param name="threads">As many as should work on it.</param>
    public Histogram Build(BoostingNode node, int threads)
    {
        Histogram histogram = BuildOwn(node, threads);
        _data.Shards.Sum(histogram.Numbers);
        return histogram;
    }

    private Histogram BuildOwn(BoostingNode node, int threads)
    {
        if (threads == 1 || node.Rows < LeastSharedRows)
        {
            return BuildPart(_rows.RowsOf(node), node.Tree);
        }

        Histogram[] parts = new Histogram[threads];
        Parallel.For(0, threads, ParallelWork.CreateOptions(), part => parts[part] = BuildPart(
            _rows.RowsOf(node)[(int)((long)node.Rows * part / threads)..(int)((long)node.Rows * (part + 1) / threads)], node.Tree));
        foreach (Histogram part in parts.AsSpan(1))
        {
            parts[0].Add(part);
            _pool.Return(part);
        }

        return parts[0];
    }

    public void Return(Histogram histogram) => _pool.Return(histogram);

    public void Dispose()
    {
        _sparse.Dispose();
        _pool.Dispose();
        foreach (HistogramBuilder builder in _builders)
        {
            builder.Dispose();
        }
    }

    private Histogram BuildPart(ReadOnlySpan<int> part, int tree)
    {
        Histogram histogram = _pool.Rent();
        HistogramBuilder builder = _free.TryTake(out HistogramBuilder? used) ? used : Create();
        builder.Build(_sparse, histogram, part, tree);
        _free.Add(builder);
        return histogram;
    }

    private HistogramBuilder Create()
    {
        HistogramBuilder builder = new(_data, _gradients);
        _builders.Add(builder);
        return builder;
    }
}
