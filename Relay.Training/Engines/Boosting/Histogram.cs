using System.Runtime.Intrinsics;

namespace Relay.Training.Engines.Boosting;

/// <summary>Per bin of every column, the sums of both derivatives over the rows of a node.</summary>
/// <param name="count">Bins of all columns together.</param>
internal sealed unsafe class Histogram(int count) : IDisposable
{
    private readonly AlignedBuffer<Vector128<long>> cells = new(count);

    /// <summary>First and second derivative, bin after bin.</summary>
    public Vector128<long>* Cells => cells.Pointer;

    public GradientSum this[int cell]
    {
        get
        {
            Vector128<long> sum = cells.Pointer[cell];
            return new GradientSum(sum.GetElement(0), sum.GetElement(1));
        }
    }

    public void Clear() => cells.Span.Clear();

    /// <summary>Takes the rows of one child away from those of its parent, which leaves the other child.</summary>
    public void Subtract(Histogram child)
    {
        Vector128<long>* own = cells.Pointer;
        Vector128<long>* other = child.cells.Pointer;
        for (int cell = 0; cell < count; cell++)
        {
            own[cell] -= other[cell];
        }
    }

    public void Dispose() => cells.Dispose();
}
