namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>How derivatives become integers in one round: times a power of two, then times the row's whole weight. The powers
/// come from the largest derivative and the total weight, which are the same however rows are spread.</summary>
/// <param name="FirstBits">Exponent for first derivatives.</param>
/// <param name="SecondBits">Exponent for second derivatives.</param>
/// <param name="WeightUnit">What a whole weight of 1 is worth.</param>
internal readonly record struct FixedPointScale(int FirstBits, int SecondBits, double WeightUnit)
{
    // A sum over all rows stays under 2^62, so that the difference of two fits as well.
    private const int SumBits = 62;

    /// <summary>What 1 in a sum of first derivatives is worth.</summary>
    public double FirstUnit { get; } = Math.ScaleB(WeightUnit, -FirstBits);

    /// <summary>What 1 in a sum of second derivatives is worth.</summary>
    public double SecondUnit { get; } = Math.ScaleB(WeightUnit, -SecondBits);

    /// <param name="boundBits">Exponent of a power of two that no first derivative exceeds; second ones are at most 1.</param>
    /// <param name="fractionBits">Bits wanted below the bounds.</param>
    public static FixedPointScale For(int boundBits, int fractionBits, IntegerWeights weights)
    {
        int bits = Math.Min(fractionBits, SumBits - weights.BitsOfTotal);
        return new FixedPointScale(bits - boundBits, bits, weights.Unit);
    }
}
