using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Boosting;

/// <summary>Adds rows to histograms. One thread uses one builder.</summary>
/// <remarks>Narrow pairs are added up as single numbers of 64 bits in half the memory, and widened before either half can
/// overflow; the sums are the same as if they had been wide from the start. Rows without derivatives are passed over.</remarks>
internal sealed unsafe class HistogramBuilder(BinnedRows data, GradientTable gradients) : IDisposable
{
    private const int Ahead = 12;
    private readonly AlignedBuffer<long> narrow = new(gradients.IsNarrow ? data.Offsets[^1] : 1);

    /// <param name="rows">Row numbers.</param>
    /// <param name="tree">Whose derivatives.</param>
    public void Add(Histogram histogram, ReadOnlySpan<int> rows, int tree, int firstColumn, int endColumn)
    {
        fixed (byte* bins = data.ByRow)
        fixed (int* offsets = data.Offsets)
        {
            if (gradients.IsNarrow)
            {
                AddNarrow(histogram, rows, gradients.Pairs(tree), bins, offsets, firstColumn, endColumn);
            }
            else
            {
                AddWide(histogram, rows, gradients.Pairs(tree), bins, offsets, firstColumn, endColumn);
            }
        }
    }

    public void Dispose() => narrow.Dispose();

    private void AddNarrow(
        Histogram histogram, ReadOnlySpan<int> rows, long* pairs, byte* bins, int* offsets, int firstColumn, int endColumn)
    {
        int stride = data.Stride;
        int firstCell = offsets[firstColumn];
        int endCell = offsets[endColumn];
        long* sums = narrow.Pointer;
        new Span<long>(sums + firstCell, endCell - firstCell).Clear();

        // What the larger half of any sum has reached at most.
        long reached = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (i + Ahead < rows.Length && Sse.IsSupported)
            {
                Sse.Prefetch0(bins + ((long)rows[i + Ahead] * stride) + firstColumn);
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
                Widen(histogram, firstCell, endCell);
                reached = size;
            }

            byte* at = bins + ((long)row * stride);
            int c = firstColumn;
            for (; c + 4 <= endColumn; c += 4)
            {
                // Columns have cells of their own, so the four sums do not wait for each other.
                uint four = *(uint*)(at + c);
                sums[offsets[c] + (int)(four & 255)] += pair;
                sums[offsets[c + 1] + (int)((four >> 8) & 255)] += pair;
                sums[offsets[c + 2] + (int)((four >> 16) & 255)] += pair;
                sums[offsets[c + 3] + (int)(four >> 24)] += pair;
            }

            for (; c < endColumn; c++)
            {
                sums[offsets[c] + at[c]] += pair;
            }
        }

        Widen(histogram, firstCell, endCell);
    }

    private void Widen(Histogram histogram, int firstCell, int endCell)
    {
        long* from = narrow.Pointer;
        Vector128<long>* to = histogram.Cells;
        for (int cell = firstCell; cell < endCell; cell++)
        {
            long pair = from[cell];
            from[cell] = 0;
            to[cell] += Vector128.Create(pair >> 32, (uint)pair);
        }
    }

    private void AddWide(
        Histogram histogram, ReadOnlySpan<int> rows, long* pairs, byte* bins, int* offsets, int firstColumn, int endColumn)
    {
        Vector128<long>* sums = histogram.Cells;
        foreach (int row in rows)
        {
            Vector128<long> pair = Vector128.Load(pairs + (2 * (long)row));
            if (pair == Vector128<long>.Zero)
            {
                continue;
            }

            byte* at = bins + ((long)row * data.Stride);
            for (int c = firstColumn; c < endColumn; c++)
            {
                sums[offsets[c] + at[c]] += pair;
            }
        }
    }
}
