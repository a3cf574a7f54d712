namespace Shared.Contracts.Models;

/// <summary>Holds answers against golden vectors, bit by bit. The trainer uses it on the finished file, a node before it
/// lets a model answer.</summary>
public static class GoldenComparison
{
    /// <summary>What differs in one row, or null when label and every probability bit are as promised.</summary>
    /// <param name="row">Index of the golden row that was answered.</param>
    /// <param name="probabilities">In class order.</param>
    public static GoldenDifference? Compare(GoldenVectors golden, int row, string label, ReadOnlySpan<float> probabilities)
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
            if (bits != expected[i])
            {
                return new(row, $"probability {i} has the bits {bits:x8}, expected {expected[i]:x8}");
            }
        }

        return null;
    }
}

/// <summary>The first thing about a golden row that is not as promised.</summary>
/// <param name="Row">Index of the row.</param>
/// <param name="Detail">One line for people.</param>
public sealed record GoldenDifference(int Row, string Detail);
