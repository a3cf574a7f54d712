using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Sums the derivatives of rows per bin of every column. One thread at a time uses one builder.</summary>
/// <remarks>Narrow pairs are added up as single numbers of 64 bits in half the memory, and widened before either half can
/// overflow; the sums are the same as if they had been wide from the start. Rows without derivatives are passed over.</remarks>
internal sealed unsafe class HistogramBuilder : IDisposable
{
    private const int Ahead = 16;
    private readonly BinnedRows _data;
    private readonly GradientTable _gradients;
    private readonly AlignedBuffer<long> _narrow;

    public HistogramBuilder(BinnedRows data, GradientTable gradients)
    {
        _data = data;
        _gradients = gradients;
        _narrow = new AlignedBuffer<long>(gradients.IsNarrow ? Histogram.CellsFor(data) : 1);
        _narrow.Span.Clear();
    }

    /// <summary>Fills an empty histogram.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="tree">Whose derivatives.</param>
    public void Build(ISparseRows sparse, Histogram histogram, ReadOnlySpan<int> rows, int tree)
    {
        sparse.Add(this, histogram, rows, tree);
        AddCommon(histogram, Total(rows, _gradients.Pairs(tree)), sparse.Common);
    }

    /// <summary>The part of <see cref="Build"/> that depends on how wide the numbers of cells are.</summary>
    public void Add<TCell>(SparseRows<TCell> sparse, Histogram histogram, ReadOnlySpan<int> rows, int tree)
        where TCell : unmanaged, IBinaryInteger<TCell>
    {
        if (_gradients.IsNarrow)
        {
            AddNarrow(sparse.Starts, sparse.Cells, histogram, rows, _gradients.Pairs(tree));
        }
        else
        {
            AddWide(sparse.Starts, sparse.Cells, histogram, rows, _gradients.Pairs(tree));
        }
    }

    public void Dispose() => _narrow.Dispose();

    private void AddNarrow<TCell>(int* starts, TCell* cells, Histogram histogram, ReadOnlySpan<int> rows, long* pairs)
        where TCell : unmanaged, IBinaryInteger<TCell>
    {
        long* sums = _narrow.Pointer;

        // What the larger half of any sum has reached at most.
        long reached = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (Sse.IsSupported && i + (2 * Ahead) < rows.Length)
            {
                Sse.Prefetch0(starts + rows[i + (2 * Ahead)]);
                Sse.Prefetch0(pairs + rows[i + (2 * Ahead)]);
                Sse.Prefetch0(cells + starts[rows[i + Ahead]]);
            }

            int row = rows[i];
            long pair = pairs[row];
            if (pair == 0)
            {
                continue;
            }

            long size = Math.Abs(pair >> 32) + 1 + (uint)pair;
            reached += size;
            if (reached > int.MaxValue)
            {
                Widen(histogram);
                reached = size;
            }

            TCell* end = cells + starts[row + 1];
            for (TCell* at = cells + starts[row]; at < end; at += SparseRows<TCell>.Padding)
            {
                sums[int.CreateTruncating(at[0])] += pair;
                sums[int.CreateTruncating(at[1])] += pair;
                sums[int.CreateTruncating(at[2])] += pair;
                sums[int.CreateTruncating(at[3])] += pair;
            }
        }

        Widen(histogram);
    }

    private static void AddWide<TCell>(int* starts, TCell* cells, Histogram histogram, ReadOnlySpan<int> rows, long* pairs)
        where TCell : unmanaged, IBinaryInteger<TCell>
    {
        Vector128<long>* sums = histogram.Cells;
        foreach (int row in rows)
        {
            Vector128<long> pair = Vector128.Load(pairs + (2 * (long)row));
            if (pair == Vector128<long>.Zero)
            {
                continue;
            }

            TCell* end = cells + starts[row + 1];
            for (TCell* at = cells + starts[row]; at < end; at++)
            {
                sums[int.CreateTruncating(*at)] += pair;
            }
        }
    }

    private void Widen(Histogram histogram)
    {
        long* from = _narrow.Pointer;
        Vector128<long>* to = histogram.Cells;
        int count = _data.Offsets[^1];
        for (int cell = 0; cell < count; cell++)
        {
            long pair = from[cell];
            from[cell] = 0;
            to[cell] += Vector128.Create(pair >> 32, (uint)pair);
        }

        new Span<long>(from + count, SparseRows<int>.Padding).Clear();
    }

    private Vector128<long> Total(ReadOnlySpan<int> rows, long* pairs)
    {
        Vector128<long> total = default;
        foreach (int row in rows)
        {
            total += _gradients.IsNarrow
                ? Vector128.Create(pairs[row] >> 32, (uint)pairs[row])
                : Vector128.Load(pairs + (2 * (long)row));
        }

        return total;
    }

    private void AddCommon(Histogram histogram, Vector128<long> total, byte[] common)
    {
        for (int c = 0; c < common.Length; c++)
        {
            Vector128<long> others = default;
            for (int cell = _data.Offsets[c]; cell < _data.Offsets[c + 1]; cell++)
            {
                others += histogram.Cells[cell];
            }

            histogram.Cells[_data.Offsets[c] + common[c]] = total - others;
        }
    }
}
