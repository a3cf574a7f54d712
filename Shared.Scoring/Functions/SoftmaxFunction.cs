using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Shared.Scoring.Functions;

/// <summary>Softmax as ONNX Runtime computes it on this processor: the same exponential, summed over the same lanes in the same
/// order, so that bits agree. The variant depends on the processor, as in ONNX Runtime.</summary>
internal static class SoftmaxFunction
{
    /// <param name="values">One row.</param>
    /// <param name="result">The same length.</param>
    public static void Apply(ReadOnlySpan<float> values, Span<float> result)
    {
        float shift = -Max(values);
        float sum;
        if (Avx512F.IsSupported)
        {
            sum = SoftmaxLanes16.SumOfExponentials(values, shift, result);
        }
        else if (Avx2.IsSupported && Fma.IsSupported)
        {
            sum = SoftmaxLanes8.SumOfExponentials(values, shift, result);
        }
        else
        {
            sum = SoftmaxLanes4.SumOfExponentials(values, shift, result, fused: AdvSimd.IsSupported);
        }

        float scale = 1 / sum;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] *= scale;
        }
    }

    private static float Max(ReadOnlySpan<float> values)
    {
        float max = float.MinValue;
        foreach (float value in values)
        {
            max = max > value ? max : value;
        }

        return max;
    }
}
