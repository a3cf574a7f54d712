using System.Numerics;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Rows as lists of the cells that they add to. The commonest bin of a column is left out, since its sums are those of
/// the node less those of the other bins; of typical logs that is three quarters of all work.</summary>
internal interface ISparseRows : IDisposable
{
    /// <summary>Per column the bin that is left out.</summary>
    byte[] Common { get; }

    /// <summary>Adds rows to cells, all but the common ones.</summary>
    void Add(HistogramBuilder builder, Histogram histogram, ReadOnlySpan<int> rows, int tree);
}

/// <typeparam name="TCell">Wide enough for the number of a cell.</typeparam>
internal sealed unsafe class SparseRows<TCell> : ISparseRows
    where TCell : unmanaged, IBinaryInteger<TCell>
{
    /// <summary>Lists have a multiple of this length; what fills them up goes to cells after the last, one each so that sums do
    /// not wait for each other.</summary>
    public const int Padding = 4;

    private const int BlockRows = 4096;
    private readonly AlignedBuffer<int> _starts;
    private readonly AlignedBuffer<TCell> _cells;

    public SparseRows(BinnedRows data, int threads, CancellationToken cancellationToken)
    {
        Common = CommonBins(data, threads, cancellationToken);
        _starts = new AlignedBuffer<int>(data.RowCount + 1);
        ForEachBlock(data, threads, CountCells, cancellationToken);
        int total = 0;
        for (int row = 0; row < data.RowCount; row++)
        {
            int count = _starts.Pointer[row];
            _starts.Pointer[row] = total;
            total = checked(total + count);
        }

        _starts.Pointer[data.RowCount] = total;
        _cells = new AlignedBuffer<TCell>(total);
        ForEachBlock(data, threads, FillCells, cancellationToken);
    }

    public byte[] Common { get; }

    /// <summary>Per row where its list starts; one more entry ends the last.</summary>
    public int* Starts => _starts.Pointer;

    public TCell* Cells => _cells.Pointer;

    public void Add(HistogramBuilder builder, Histogram histogram, ReadOnlySpan<int> rows, int tree) =>
        builder.Add(this, histogram, rows, tree);

    public void Dispose()
    {
        _starts.Dispose();
        _cells.Dispose();
    }

    private static byte[] CommonBins(BinnedRows data, int threads, CancellationToken cancellationToken)
    {
        byte[] common = new byte[data.ColumnCount];
        WorkerLoop.Run(common.Length, threads, c =>
        {
            Span<int> rows = stackalloc int[256];
            rows.Clear();
            foreach (byte bin in data.ByColumn[c])
            {
                rows[bin]++;
            }

            for (int bin = 1; bin < rows.Length; bin++)
            {
                common[c] = rows[bin] > rows[common[c]] ? (byte)bin : common[c];
            }
        }, cancellationToken);
        return common;
    }

    private static void ForEachBlock(
        BinnedRows data, int threads, Action<BinnedRows, int, int> work, CancellationToken cancellationToken) =>
        WorkerLoop.Run(
            (data.RowCount + BlockRows - 1) / BlockRows,
            threads,
            block => work(data, block * BlockRows, Math.Min(data.RowCount, (block + 1) * BlockRows)),
            cancellationToken);

    private void CountCells(BinnedRows data, int begin, int end)
    {
        int* counts = _starts.Pointer;
        new Span<int>(counts + begin, end - begin).Clear();
        for (int c = 0; c < data.ColumnCount; c++)
        {
            byte[] column = data.ByColumn[c];
            byte common = Common[c];
            for (int row = begin; row < end; row++)
            {
                counts[row] += column[row] != common ? 1 : 0;
            }
        }

        for (int row = begin; row < end; row++)
        {
            counts[row] = (counts[row] + Padding - 1) / Padding * Padding;
        }
    }

    private void FillCells(BinnedRows data, int begin, int end)
    {
        Span<int> filled = stackalloc int[BlockRows];
        new Span<int>(_starts.Pointer + begin, end - begin).CopyTo(filled);
        for (int c = 0; c < data.ColumnCount; c++)
        {
            byte[] column = data.ByColumn[c];
            for (int row = begin; row < end; row++)
            {
                if (column[row] != Common[c])
                {
                    _cells.Pointer[filled[row - begin]++] = TCell.CreateTruncating(data.Offsets[c] + column[row]);
                }
            }
        }

        for (int row = begin; row < end; row++)
        {
            int spare = data.Offsets[^1];
            for (int at = filled[row - begin]; at < _starts.Pointer[row + 1]; at++)
            {
                _cells.Pointer[at] = TCell.CreateTruncating(spare++);
            }
        }
    }
}
