namespace Relay.Training.Engines.Boosting;

/// <summary>First and second derivatives of every row as fixed-point integers, weighted: integer sums do not depend on the
/// order of adding, so neither threads nor shards can change a model.</summary>
internal sealed unsafe class GradientTable(int rows, int trees) : IDisposable
{
    /// <summary>The integer that stands for 1. A derivative is at most 1 and a weight at most 255: the product fits 31 bits.</summary>
    public const double One = 1 << 22;

    private readonly AlignedBuffer<int>[] pairs = [.. Enumerable.Range(0, trees).Select(_ => new AlignedBuffer<int>(checked(rows * 2)))];

    /// <summary>Per row of one tree, first and second derivative side by side.</summary>
    public int* Pairs(int tree) => pairs[tree].Pointer;

    public void Set(int tree, int row, double first, double second, int weight)
    {
        int* pair = pairs[tree].Pointer + (2 * (long)row);
        pair[0] = Quantize(first) * weight;
        pair[1] = Quantize(second) * weight;
    }

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in pairs)
        {
            buffer.Dispose();
        }
    }

    // Half away from zero by hand: far cheaper than Math.Round, and as deterministic.
    private static int Quantize(double value) => (int)((value * One) + (value < 0 ? -0.5 : 0.5));
}
