using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Shared.Scoring.Functions.ExponentialConstants;

namespace Shared.Scoring.Functions;

/// <summary>The sum of exponentials over 8 lanes, for processors with AVX2 and FMA.</summary>
internal static class SoftmaxLanes8
{
    private const int Lanes = 8;

    /// <param name="shift">Added to every value first.</param>
    /// <param name="result">The exponentials.</param>
    public static float SumOfExponentials(ReadOnlySpan<float> values, float shift, Span<float> result)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        while (values.Length >= Lanes)
        {
            Vector256<float> exponentials = Exponential(Vector256.Create(values) + Vector256.Create(shift));
            exponentials.CopyTo(result);
            sum += exponentials;
            values = values[Lanes..];
            result = result[Lanes..];
        }

        if (values.Length > 0)
        {
            Span<float> padded = stackalloc float[Lanes];
            values.CopyTo(padded);
            Vector256<float> exponentials = Exponential(Vector256.Create<float>(padded) + Vector256.Create(shift));
            exponentials.CopyTo(padded);
            padded[..values.Length].CopyTo(result);

            // A lane that is not used adds +0, which changes no sum of exponentials.
            padded[values.Length..].Clear();
            sum += Vector256.Create<float>(padded);
        }

        return HorizontalSum(sum);
    }

    /// <summary>The sum of all lanes: adjacent lanes first, then adjacent pairs, then the two halves.</summary>
    public static float HorizontalSum(Vector256<float> sum) =>
        (sum[0] + sum[1] + (sum[2] + sum[3])) + (sum[4] + sum[5] + (sum[6] + sum[7]));

    private static Vector256<float> Exponential(Vector256<float> x)
    {
        x = Avx.Max(Vector256.Create(MinNormalInput), x);
        Vector256<float> bias = Vector256.Create(RoundingBias);
        Vector256<float> biased = Fma.MultiplyAdd(Vector256.Create(Log2E), x, bias);
        Vector256<float> m = biased - bias;
        x = Fma.MultiplyAdd(m, Vector256.Create(MinusLn2High), x);
        x = Fma.MultiplyAdd(m, Vector256.Create(MinusLn2Low), x);

        Vector256<float> one = Vector256.Create(1f);
        Vector256<float> p = Fma.MultiplyAdd(Vector256.Create(P6), x, Vector256.Create(P5));
        p = Fma.MultiplyAdd(p, x, Vector256.Create(P4));
        p = Fma.MultiplyAdd(p, x, Vector256.Create(P3));
        p = Fma.MultiplyAdd(p, x, Vector256.Create(P2));
        p = Fma.MultiplyAdd(p, x, one);
        p = Fma.MultiplyAdd(p, x, one);
        return p * (Vector256.ShiftLeft(biased.AsInt32(), 23) + Vector256.Create(One)).AsSingle();
    }
}
