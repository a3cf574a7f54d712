namespace Shared.Scoring.Functions;

/// <summary>exp(x) = 2^m * p(x - m ln 2), p of degree 6, with the constants that ONNX Runtime has (MLAS, MlasExpConstants).</summary>
internal static class ExponentialConstants
{
    /// <summary>Inputs are clamped to it: below, the result is 0 or the smallest denormal number.</summary>
    public const float MinInput = -103.9720840454f;

    /// <summary>The same for variants that cannot give denormal results.</summary>
    public const float MinNormalInput = -88.3762626647949f;

    /// <summary>Adding it rounds to an integer, which is then in the low bits.</summary>
    public const float RoundingBias = 12582912;

    public const float Log2E = 1.44269504088896341f;

    /// <summary>Minus ln 2 in two parts.</summary>
    public const float MinusLn2High = -6.93145752e-1f;
    public const float MinusLn2Low = -1.42860677e-6f;

    /// <summary>The bits of 1.</summary>
    public const int One = 0x3F800000;

    /// <summary>The coefficients of x^6 to x^2; those of x and 1 are 1.</summary>
    public static readonly float P6 = BitConverter.Int32BitsToSingle(0x3AB4A000);
    public static readonly float P5 = BitConverter.Int32BitsToSingle(0x3C092F6E);
    public static readonly float P4 = BitConverter.Int32BitsToSingle(0x3D2AADAD);
    public static readonly float P3 = BitConverter.Int32BitsToSingle(0x3E2AAA28);
    public static readonly float P2 = BitConverter.Int32BitsToSingle(0x3EFFFFFB);
}
