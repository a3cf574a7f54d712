namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>How gradients and hessians become integers in one round: times a power of two, then times the row's whole weight. The powers
/// come from the largest gradient and the total weight, which are the same however rows are spread.</summary>
/// <param name="GradientBits">Exponent for gradients.</param>
/// <param name="HessianBits">Exponent for hessians.</param>
/// <param name="WeightUnit">What a whole weight of 1 is worth.</param>
internal readonly record struct FixedPointScale(int GradientBits, int HessianBits, double WeightUnit)
{
    // A sum over all rows stays under 2^62, so that the difference of two fits as well.
    private const int SumBits = 62;

    /// <summary>What 1 in a sum of gradients is worth.</summary>
    public double GradientUnit { get; } = Math.ScaleB(WeightUnit, -GradientBits);

    /// <summary>What 1 in a sum of hessians is worth.</summary>
    public double HessianUnit { get; } = Math.ScaleB(WeightUnit, -HessianBits);

    /// <param name="boundBits">Exponent of a power of two that no gradient exceeds; hessians are at most 1.</param>
    /// <param name="fractionBits">Bits wanted below the bounds.</param>
    public static FixedPointScale Create(int boundBits, int fractionBits, IntegerWeights weights)
    {
        int bits = Math.Min(fractionBits, SumBits - weights.BitsOfTotal);
        return new FixedPointScale(bits - boundBits, bits, weights.Unit);
    }
}
