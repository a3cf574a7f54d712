using System.Runtime.Intrinsics;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Per bin of every column, the sums of gradients and hessians over the rows of a node.</summary>
/// <param name="count">See <see cref="CellsFor"/>.</param>
internal sealed unsafe class Histogram(int count) : IDisposable
{
    // The padding of row lists is added to cells that are never read.
    private const int SpareCells = SparseRows<int>.Padding;

    public const int BytesPerCell = 16;

    private readonly AlignedBuffer<Vector128<long>> _cells = new(count);

    /// <summary>Gradient and hessian, bin after bin.</summary>
    public Vector128<long>* Cells => _cells.Pointer;

    public GradientSum this[int cell]
    {
        get
        {
            Vector128<long> sum = _cells.Pointer[cell];
            return new GradientSum(sum.GetElement(0), sum.GetElement(1));
        }
    }

    /// <summary>The bins of all columns, and some to spare.</summary>
    public static int CellsFor(BinnedRows data) => data.Offsets[^1] + SpareCells;

    public void Clear() => _cells.Span.Clear();

    /// <summary>The numbers of all cells, gradient and hessian in turn.</summary>
    public Span<long> Numbers => new(_cells.Pointer, checked(2 * count));

    /// <summary>Adds the sums over other rows.</summary>
    public void Add(Histogram other)
    {
        for (int cell = 0; cell < count; cell++)
        {
            _cells.Pointer[cell] += other._cells.Pointer[cell];
        }
    }

    /// <summary>Takes the rows of one child away from those of its parent, which leaves the other child.</summary>
    public void Subtract(Histogram child)
    {
        Vector128<long>* own = _cells.Pointer;
        Vector128<long>* other = child._cells.Pointer;
        for (int cell = 0; cell < count; cell++)
        {
            own[cell] -= other[cell];
        }
    }

    public void Dispose() => _cells.Dispose();
}
