namespace Shared.Contracts.Models;

/// <summary>Compares predictions with golden vectors: bit by bit where the file was made, and within a small tolerance on a node,
/// whose processor may compute exponentials with other instructions (docs/adr/0005-golden-tolerance.md).</summary>
public static class GoldenComparison
{
    /// <summary>Tolerance between two processors: absolute for numbers up to 1, relative for larger ones. The largest difference
    /// measured between instruction sets is 1.2e-7.</summary>
    public const float AcrossProcessors = 1e-6f;

    // Half a unit in the last place of a float32 just under 1.
    private const float Rounding = 1f / (1 << 24);
    private const int RoundingsOfOne = 8;
    private const int LeastLanes = 4;

    /// <summary><see cref="AcrossProcessors"/>, and more where there are many classes: a softmax adds up its exponentials in as many lanes as
    /// a processor has, 4 or more, and each addition may be off by half a unit in the last place.</summary>
    /// <param name="classes">0 for a task without labels.</param>
    public static float ToleranceOf(int classes) =>
        MathF.Max(AcrossProcessors, (RoundingsOfOne + ((float)classes / LeastLanes)) * Rounding);

    /// <summary>The first difference in one row, or null when the label and every number are as expected.</summary>
    /// <param name="row">Index of the golden row.</param>
    /// <param name="label">The predicted label; null for a task without labels.</param>
    /// <param name="outputs">The predicted numbers of the row.</param>
    /// <param name="tolerance">Largest difference of a number; 0 asks for the same bits.</param>
    public static GoldenDifference? Compare(
        GoldenVectors golden, int row, string? label, ReadOnlySpan<float> outputs, float tolerance = 0)
    {
        IReadOnlyList<uint> expected = golden.OutputBits[row];
        if (label != golden.LabelOf(row))
        {
            return new(row, $"label '{label}', expected '{golden.LabelOf(row)}'");
        }

        if (outputs.Length != expected.Count)
        {
            return new(row, $"{outputs.Length} numbers, expected {expected.Count}");
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            float expectedValue = BitConverter.UInt32BitsToSingle(expected[i]);
            if (!IsWithin(expectedValue, outputs[i], tolerance))
            {
                uint bits = BitConverter.SingleToUInt32Bits(outputs[i]);
                return new(row, $"number {i} is {outputs[i]:R} ({bits:x8}), expected {expectedValue:R} ({expected[i]:x8})");
            }
        }

        return null;
    }

    private static bool IsWithin(float expected, float actual, float tolerance)
    {
        if (BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(actual))
        {
            return true;
        }

        // A scaler returns NaN for a missing value, and the bits of NaN differ between processors. A comparison with NaN is false.
        return tolerance > 0
            && ((float.IsNaN(expected) && float.IsNaN(actual))
                || MathF.Abs(actual - expected) <= tolerance * MathF.Max(1, MathF.Abs(expected)));
    }
}

/// <summary>The first difference between a prediction and its golden row.</summary>
/// <param name="Row">Index of the row.</param>
/// <param name="Detail">One line for people.</param>
public sealed record GoldenDifference(int Row, string Detail);
