namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Gradient and hessian of every row as fixed-point integers, weighted: integer sums do not depend on the
/// order of adding, so neither threads nor shards can change a model.</summary>
/// <param name="isNarrow">Whether gradient and hessian of a row, weighted, fit 32 bits: then a pair is one number, the gradient
/// times 2^32 plus the hessian, and sums of pairs are pairs of sums while neither overflows.</param>
internal sealed unsafe class GradientTable(int rows, int trees, bool isNarrow) : IDisposable
{
    /// <summary>Largest weight of a row whose gradients of at most 1 and this many bits fit a narrow pair.</summary>
    public static long MaxNarrowWeight(int fractionBits) => (1L << (31 - fractionBits)) - 1;

    private readonly AlignedBuffer<long>[] _pairs =
        [.. Enumerable.Range(0, trees).Select(_ => new AlignedBuffer<long>(checked(isNarrow ? rows : rows * 2)))];

    public bool IsNarrow => isNarrow;

    /// <summary>Per row of one tree its pair: one number where they are narrow, else gradient and hessian.</summary>
    public long* Pairs(int tree) => _pairs[tree].Pointer;

    /// <summary>Sets gradients and hessians of some rows of one tree.</summary>
    /// <param name="gradients">From its start on, of the rows from <paramref name="begin"/>.</param>
    /// <returns>Their sum.</returns>
    public GradientSum Set(
        int tree, int begin, int end, double[] gradients, double[] hessians, FixedPointScale scale, RowSampler rows)
    {
        double gradientOne = Math.ScaleB(1, scale.GradientBits);
        double hessianOne = Math.ScaleB(1, scale.HessianBits);
        long* to = _pairs[tree].Pointer;
        GradientSum sum = default;
        for (int row = begin; row < end; row++)
        {
            long weight = rows.Weight(row);
            GradientSum pair = new(
                Quantize(gradients[row - begin] * gradientOne) * weight, Quantize(hessians[row - begin] * hessianOne) * weight);
            if (isNarrow)
            {
                to[row] = (pair.Gradient << 32) + pair.Hessian;
            }
            else
            {
                to[2L * row] = pair.Gradient;
                to[(2L * row) + 1] = pair.Hessian;
            }

            sum += pair;
        }

        return sum;
    }

    public void Dispose()
    {
        foreach (AlignedBuffer<long> buffer in _pairs)
        {
            buffer.Dispose();
        }
    }

    // Half away from zero by hand: far cheaper than Math.Round, and as deterministic.
    private static long Quantize(double value) => (long)(value + (value < 0 ? -0.5 : 0.5));
}
