namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>First and second derivatives of every row as fixed-point integers, weighted: integer sums do not depend on the
/// order of adding, so neither threads nor shards can change a model.</summary>
/// <param name="isNarrow">Whether both derivatives of a row, weighted, fit 32 bits: then a pair is one number, the first one
/// times 2^32 plus the second, and sums of pairs are pairs of sums while neither overflows.</param>
internal sealed unsafe class GradientTable(int rows, int trees, bool isNarrow) : IDisposable
{
    /// <summary>Largest weight of a row whose derivatives of at most 1 and this many bits fit a narrow pair.</summary>
    public static long MostNarrowWeight(int fractionBits) => (1L << (31 - fractionBits)) - 1;

    private readonly AlignedBuffer<long>[] pairs =
        [.. Enumerable.Range(0, trees).Select(_ => new AlignedBuffer<long>(checked(isNarrow ? rows : rows * 2)))];

    public bool IsNarrow => isNarrow;

    /// <summary>Per row of one tree its pair: one number where they are narrow, else first and second derivative.</summary>
    public long* Pairs(int tree) => pairs[tree].Pointer;

    /// <summary>Puts in the derivatives of some rows of one tree.</summary>
    /// <param name="first">From its start on, of the rows from <paramref name="begin"/>.</param>
    /// <returns>Their sum.</returns>
    public GradientSum Set(
        int tree, int begin, int end, double[] first, double[] second, FixedPointScale scale, RowSampler rows)
    {
        double firstOne = Math.ScaleB(1, scale.FirstBits);
        double secondOne = Math.ScaleB(1, scale.SecondBits);
        long* to = pairs[tree].Pointer;
        GradientSum sum = default;
        for (int row = begin; row < end; row++)
        {
            long weight = rows.Weight(row);
            GradientSum pair = new(
                Quantize(first[row - begin] * firstOne) * weight, Quantize(second[row - begin] * secondOne) * weight);
            if (isNarrow)
            {
                to[row] = (pair.First << 32) + pair.Second;
            }
            else
            {
                to[2L * row] = pair.First;
                to[(2L * row) + 1] = pair.Second;
            }

            sum += pair;
        }

        return sum;
    }

    public void Dispose()
    {
        foreach (AlignedBuffer<long> buffer in pairs)
        {
            buffer.Dispose();
        }
    }

    // Half away from zero by hand: far cheaper than Math.Round, and as deterministic.
    private static long Quantize(double value) => (long)(value + (value < 0 ? -0.5 : 0.5));
}
