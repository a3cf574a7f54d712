using System.Runtime.Intrinsics.X86;

namespace Shared.Scoring.Functions;

/// <summary>1 / (1 + exp(-x)) by the rational approximation that ONNX Runtime's Sigmoid uses, with the same constants and the same
/// order of operations, so that bits agree (MLAS, MlasComputeLogistic).</summary>
internal static class LogisticFunction
{
    private const float Bound = 18;

    public static float Apply(float value)
    {
        // Comparisons in this order let NaN through.
        value = -Bound > value ? -Bound : value;
        value = Bound < value ? Bound : value;
        float square = value * value;

        float p = MultiplyAdd(square, 4.37031012579801e-11f, 1.15627324459942e-07f);
        p = MultiplyAdd(p, square, 6.08574864600143e-05f);
        p = MultiplyAdd(p, square, 8.51377133304701e-03f);
        p = MultiplyAdd(p, square, 2.48287947061529e-01f);
        p *= value;

        float q = MultiplyAdd(square, 6.10247389755681e-13f, 5.76102136993427e-09f);
        q = MultiplyAdd(q, square, 6.29106785017040e-06f);
        q = MultiplyAdd(q, square, 1.70198817374094e-03f);
        q = MultiplyAdd(q, square, 1.16817656904453e-01f);
        q = MultiplyAdd(q, square, 9.93151921023180e-01f);

        float result = p / q + 0.5f;
        return 0 > result ? 0 : result;
    }

    // One rounding where the processor has the instruction, as in ONNX Runtime; two elsewhere.
    private static float MultiplyAdd(float a, float b, float c) =>
        Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? MathF.FusedMultiplyAdd(a, b, c) : a * b + c;
}
