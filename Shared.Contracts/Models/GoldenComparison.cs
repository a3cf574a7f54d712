namespace Shared.Contracts.Models;

/// <summary>Holds answers against golden vectors: to the bit where the file was made, and to a hair on a node, whose
/// processor may compute exponentials by other instructions (docs/adr/0005-golden-tolerance.md).</summary>
public static class GoldenComparison
{
    /// <summary>Largest difference of a number up to 1 between two processors, and of a larger one relative to it; instruction sets
    /// were seen to differ by 1.2e-7.</summary>
    public const float AcrossProcessors = 1e-6f;

    /// <summary>What differs in one row, or null when the label and every number are as promised.</summary>
    /// <param name="row">Index of the golden row that was answered.</param>
    /// <param name="label">Null for a task that gives none.</param>
    /// <param name="outputs">The numeric output of the row.</param>
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
            float promised = BitConverter.UInt32BitsToSingle(expected[i]);
            if (!IsKept(promised, outputs[i], tolerance))
            {
                uint bits = BitConverter.SingleToUInt32Bits(outputs[i]);
                return new(row, $"number {i} is {outputs[i]:R} ({bits:x8}), expected {promised:R} ({expected[i]:x8})");
            }
        }

        return null;
    }

    private static bool IsKept(float promised, float given, float tolerance)
    {
        if (BitConverter.SingleToUInt32Bits(promised) == BitConverter.SingleToUInt32Bits(given))
        {
            return true;
        }

        // A scaler promises NaN for a missing value; which of the many NaN differs between processors. "At most" is false for a NaN.
        return tolerance > 0
            && ((float.IsNaN(promised) && float.IsNaN(given))
                || MathF.Abs(given - promised) <= tolerance * MathF.Max(1, MathF.Abs(promised)));
    }
}

/// <summary>The first thing about a golden row that is not as promised.</summary>
/// <param name="Row">Index of the row.</param>
/// <param name="Detail">One line for people.</param>
public sealed record GoldenDifference(int Row, string Detail);
