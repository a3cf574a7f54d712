using Shared.Contracts.Models;
using Shared.Scoring;

namespace Relay.Training.Packaging;

/// <summary>Scores the golden vectors of a finished file with the managed scorer, the code that answers on a node, and requires the bits of
/// ONNX Runtime; on a processor where those are not proven, what a node requires.</summary>
internal static class ManagedScorerCheck
{
    /// <summary>Why the managed scorer does not run the model, so that nodes need ONNX Runtime for it; null where it does.</summary>
    public static string? FindUnsupported(byte[] artifact, ModelSchema schema) => ManagedScorer.Load(artifact, schema, out _)?.ToString();

    /// <param name="artifact">A file that <see cref="GoldenCheck"/> accepts.</param>
    /// <returns>Which golden vector the managed scorer answers otherwise; null where there is none, or where it does not run the model.</returns>
    public static string? FindDifference(byte[] artifact, GoldenVectors golden, ModelSchema schema)
    {
        if (ManagedScorer.Load(artifact, schema, out ManagedScorer? scorer) is not null)
        {
            return null;
        }

        float tolerance = ManagedScorer.IsBitExact ? 0 : GoldenComparison.ToleranceOf(schema.Classes.Count);
        float[] outputs = new float[schema.OutputWidth];
        for (int row = 0; row < golden.Rows; row++)
        {
            float[] numbers = [.. golden.Numbers[row].Select(n => n ?? float.NaN)];
            scorer!.Score(numbers, [.. golden.Categories[row]], rows: 1, outputs);
            if (FindDifference(golden.OutputBits[row], outputs, tolerance) is { } difference)
            {
                return $"the managed scorer does not give golden vector {row} of the finished file: {difference}";
            }
        }

        return null;
    }

    // All NaN are equal: which one an operation gives depends on the processor.
    private static string? FindDifference(IReadOnlyList<uint> expected, float[] outputs, float tolerance)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            float promised = BitConverter.UInt32BitsToSingle(expected[i]);
            uint bits = BitConverter.SingleToUInt32Bits(outputs[i]);
            if (bits != expected[i] && !(float.IsNaN(promised) && float.IsNaN(outputs[i])) && !IsWithin(tolerance, promised, outputs[i]))
            {
                return $"number {i} is {outputs[i]:R} ({bits:x8}), expected {promised:R} ({expected[i]:x8})";
            }
        }

        return null;
    }

    private static bool IsWithin(float tolerance, float expected, float actual) =>
        tolerance > 0 && MathF.Abs(actual - expected) <= tolerance * MathF.Max(1, MathF.Abs(expected));
}
