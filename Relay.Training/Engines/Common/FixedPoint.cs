using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Common;

/// <summary>Numbers as whole multiples of a power of two, so that sums of them are exact and do not depend on their order.</summary>
/// <param name="Values">The multiples.</param>
/// <param name="Step">What one of them is worth, a power of two.</param>
internal sealed record FixedPoint(long[] Values, double Step)
{
    // Twice a sum must stay under 2^63, and one value must be exact as a double.
    private const int SumBits = 61;
    private const int ValueBits = 50;

    /// <param name="values">Finite.</param>
    /// <param name="count">How many of them, of all shards, a sum may hold.</param>
    /// <param name="min">What a value that would round to nothing becomes: 1 for weights, which must stay above 0, else 0.</param>
    /// <param name="shards">The group whose members hold further values, in the same steps.</param>
    public static FixedPoint FromValues(ReadOnlySpan<double> values, long count, long min, IShardGroup shards)
    {
        double max = 0;
        foreach (double value in values)
        {
            max = Math.Max(max, Math.Abs(value));
        }

        int? exponent = shards.MaxExponent(max);
        int bits = Math.Min(ValueBits, SumBits - Math.ILogB(count) - 1);
        double step = exponent is { } largest ? Math.ScaleB(1, largest + 1 - bits) : 1;
        long[] multiples = new long[values.Length];
        for (int i = 0; i < multiples.Length; i++)
        {
            multiples[i] = Math.Max((long)Math.Round(values[i] / step), min == 0 ? long.MinValue : min);
        }

        return new FixedPoint(multiples, step);
    }
}
