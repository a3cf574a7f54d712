using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Boosting;

/// <summary>Per bin of every column, the sums of both derivatives over the rows of a node.</summary>
internal sealed unsafe class Histogram(BinnedRows data) : IDisposable
{
    private readonly AlignedBuffer<Vector128<long>> cells = new(data.Offsets[^1]);

    public GradientSum this[int cell]
    {
        get
        {
            Vector128<long> sum = cells.Pointer[cell];
            return new GradientSum(sum.GetElement(0), sum.GetElement(1));
        }
    }

    public void Clear() => cells.Span.Clear();

    /// <summary>Adds rows to the bins of some columns.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="pairs">Derivatives, see <see cref="GradientTable.Pairs"/>.</param>
    public void Add(ReadOnlySpan<int> rows, int* pairs, int firstColumn, int endColumn)
    {
        int stride = data.Stride;
        Vector128<long>* sums = cells.Pointer;
        fixed (byte* bins = data.ByRow)
        fixed (int* offsets = data.Offsets)
        {
            foreach (int row in rows)
            {
                Vector128<long> pair = Vector128.WidenLower(
                    Vector128.CreateScalarUnsafe(*(long*)(pairs + (2 * (long)row))).AsInt32());
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
        }
    }

    /// <summary>Takes the rows of one child away from those of its parent, which leaves the other child.</summary>
    public void Subtract(Histogram child)
    {
        Vector128<long>* own = cells.Pointer;
        Vector128<long>* other = child.cells.Pointer;
        int count = data.Offsets[^1];
        for (int cell = 0; cell < count; cell++)
        {
            own[cell] -= other[cell];
        }
    }

    public void Dispose() => cells.Dispose();
}

/// <summary>Histograms to use again: as many as are in use at once, and no more.</summary>
internal sealed class HistogramPool(BinnedRows data) : IDisposable
{
    private readonly ConcurrentBag<Histogram> free = [];
    private readonly ConcurrentBag<Histogram> all = [];

    /// <summary>An empty histogram.</summary>
    public Histogram Rent()
    {
        if (!free.TryTake(out Histogram? histogram))
        {
            histogram = new Histogram(data);
            all.Add(histogram);
        }

        histogram.Clear();
        return histogram;
    }

    public void Return(Histogram histogram) => free.Add(histogram);

    public void Dispose()
    {
        foreach (Histogram histogram in all)
        {
            histogram.Dispose();
        }
    }
}
