namespace Shared.Contracts.Reports;

/// <summary>The fixed bins of scores: 20 for every task, the same on all nodes.</summary>
public static class ScoreBins
{
    public const int Bins = 20;

    private const int BinsPerSign = Bins / 2;
    private const int LowestExponent = -16;

    /// <summary>The bin of the probability of the predicted class: of equal width, from 0 to 1.</summary>
    public static int OfProbability(float probability) => (int)Math.Clamp(probability * Bins, 0, Bins - 1);

    /// <summary>The bin of an anomaly score: of equal width, from -1 to 0.</summary>
    public static int OfAnomalyScore(float score) => OfProbability(score + 1);

    /// <summary>The bin of a value of a regression: ten for negative values and ten for the others, the smallest magnitudes in the middle. Each
    /// is 16 times as wide as the next inner one; the innermost begins below 2^-12, the outermost at 2^20.</summary>
    public static int OfValue(float value)
    {
        int exponent = ((BitConverter.SingleToInt32Bits(value) >> 23) & 0xff) - 127;
        int magnitude = Math.Clamp((exponent - LowestExponent) >> 2, 0, BinsPerSign - 1);
        return value < 0 ? BinsPerSign - 1 - magnitude : BinsPerSign + magnitude;
    }
}
