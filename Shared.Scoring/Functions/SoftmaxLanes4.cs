using static Shared.Scoring.Functions.ExponentialConstants;

namespace Shared.Scoring.Functions;

/// <summary>The sum of exponentials over 4 lanes, for all other processors: one rounding per step where multiplying and adding is
/// one instruction (Arm), two where it is not (x64 without FMA).</summary>
internal static class SoftmaxLanes4
{
    private const int Lanes = 4;

    /// <param name="shift">Added to every value first.</param>
    /// <param name="result">The exponentials.</param>
    public static float SumOfExponentials(ReadOnlySpan<float> values, float shift, Span<float> result, bool fused)
    {
        Span<float> sums = stackalloc float[Lanes];
        sums.Clear();
        int whole = values.Length - values.Length % Lanes;
        for (int i = 0; i < whole; i++)
        {
            result[i] = Exponential(values[i] + shift, fused);
            sums[i % Lanes] += result[i];
        }

        float sum = fused ? sums[0] + sums[1] + (sums[2] + sums[3]) : sums[0] + sums[2] + (sums[1] + sums[3]);
        for (int i = whole; i < values.Length; i++)
        {
            result[i] = Exponential(values[i] + shift, fused);
            sum += result[i];
        }

        return sum;
    }

    private static float Exponential(float x, bool fused)
    {
        x = MinNormalInput > x ? MinNormalInput : x;
        float biased = MultiplyAdd(Log2E, x, RoundingBias, fused);
        float m = biased - RoundingBias;
        x = MultiplyAdd(m, MinusLn2High, x, fused);
        x = MultiplyAdd(m, MinusLn2Low, x, fused);

        float p = MultiplyAdd(P6, x, P5, fused);
        p = MultiplyAdd(p, x, P4, fused);
        p = MultiplyAdd(p, x, P3, fused);
        p = MultiplyAdd(p, x, P2, fused);
        p = MultiplyAdd(p, x, 1, fused);
        p = MultiplyAdd(p, x, 1, fused);
        return p * BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(biased) << 23) + One);
    }

    private static float MultiplyAdd(float a, float b, float c, bool fused) => fused ? MathF.FusedMultiplyAdd(a, b, c) : a * b + c;
}
