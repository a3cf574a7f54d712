using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Shared.Scoring.Functions.ExponentialConstants;

namespace Shared.Scoring.Functions;

/// <summary>The sum of exponentials over 16 lanes, for processors with AVX-512.</summary>
internal static class SoftmaxLanes16
{
    private const int Lanes = 16;

    /// <param name="shift">Added to every value first.</param>
    /// <param name="result">The exponentials.</param>
    public static float SumOfExponentials(ReadOnlySpan<float> values, float shift, Span<float> result)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        while (values.Length >= Lanes)
        {
            Vector512<float> exponentials = Exponential(Vector512.Create(values) + Vector512.Create(shift));
            exponentials.CopyTo(result);
            sum += exponentials;
            values = values[Lanes..];
            result = result[Lanes..];
        }

        if (values.Length > 0)
        {
            Span<float> padded = stackalloc float[Lanes];
            values.CopyTo(padded);
            Vector512<float> exponentials = Exponential(Vector512.Create<float>(padded) + Vector512.Create(shift));
            exponentials.CopyTo(padded);
            padded[..values.Length].CopyTo(result);

            // A lane that is not used adds +0, which changes no sum of exponentials.
            padded[values.Length..].Clear();
            sum += Vector512.Create<float>(padded);
        }

        return SoftmaxLanes8.HorizontalSum(sum.GetUpper() + sum.GetLower());
    }

    private static Vector512<float> Exponential(Vector512<float> x)
    {
        x = Avx512F.Max(Vector512.Create(MinInput), x);
        Vector512<float> bias = Vector512.Create(RoundingBias);
        Vector512<float> m = Avx512F.FusedMultiplyAdd(Vector512.Create(Log2E), x, bias) - bias;
        x = Avx512F.FusedMultiplyAdd(m, Vector512.Create(MinusLn2High), x);
        x = Avx512F.FusedMultiplyAdd(m, Vector512.Create(MinusLn2Low), x);

        Vector512<float> one = Vector512.Create(1f);
        Vector512<float> p = Avx512F.FusedMultiplyAdd(Vector512.Create(P6), x, Vector512.Create(P5));
        p = Avx512F.FusedMultiplyAdd(p, x, Vector512.Create(P4));
        p = Avx512F.FusedMultiplyAdd(p, x, Vector512.Create(P3));
        p = Avx512F.FusedMultiplyAdd(p, x, Vector512.Create(P2));
        p = Avx512F.FusedMultiplyAdd(p, x, one);
        p = Avx512F.FusedMultiplyAdd(p, x, one);
        return Avx512F.Scale(p, m);
    }
}
