namespace Shared.Contracts.Models;

/// <summary>Holds answers against golden vectors: to the bit where the file was made, and to a hair on a node, whose
/// processor may compute the exponentials of softmax by other instructions (docs/adr/0005-golden-tolerance.md).</summary>
public static class GoldenComparison
{
    /// <summary>Largest difference of a probability between two processors; instruction sets were seen to differ by 1.2e-7.</summary>
    public const float AcrossProcessors = 1e-6f;

    /// <summary>What differs in one row, or null when label and every probability are as promised.</summary>
    /// <param name="row">Index of the golden row that was answered.</param>
    /// <param name="probabilities">In class order.</param>
    /// <param name="tolerance">Largest difference of a probability; 0 asks for the same bits.</param>
    public static GoldenDifference? Compare(
        GoldenVectors golden, int row, string label, ReadOnlySpan<float> probabilities, float tolerance = 0)
    {
        IReadOnlyList<uint> expected = golden.ProbabilityBits[row];
        if (label != golden.Labels[row])
        {
            return new(row, $"label '{label}', expected '{golden.Labels[row]}'");
        }

        if (probabilities.Length != expected.Count)
        {
            return new(row, $"{probabilities.Length} probabilities, expected {expected.Count}");
        }

        for (int i = 0; i < probabilities.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(probabilities[i]);
            float promised = BitConverter.UInt32BitsToSingle(expected[i]);

            // "not at most" rather than "above", since a NaN is neither.
            if (bits != expected[i] && !(MathF.Abs(probabilities[i] - promised) <= tolerance && tolerance > 0))
            {
                return new(row, $"probability {i} is {probabilities[i]:R} ({bits:x8}), expected {promised:R} ({expected[i]:x8})");
            }
        }

        return null;
    }
}

/// <summary>The first thing about a golden row that is not as promised.</summary>
/// <param name="Row">Index of the row.</param>
/// <param name="Detail">One line for people.</param>
public sealed record GoldenDifference(int Row, string Detail);
