using Shared.Contracts.Models;

namespace Relay.Training.Evaluation.Reports;

/// <summary>Compares predicted numbers with true ones, by rising prediction.</summary>
internal static class PredictionBins
{
    private const int Bins = 20;

    /// <summary>Bins of equal numbers of rows; equal predictions are in one bin.</summary>
    public static IReadOnlyList<PredictionBin> Create(float[] predicted, float[] truth)
    {
        float[] sorted = [.. predicted];
        float[] actual = [.. truth];
        Array.Sort(sorted, actual);
        List<PredictionBin> bins = [];
        for (int start = 0; start < sorted.Length;)
        {
            int end = Math.Max(start + 1, (int)((long)(bins.Count + 1) * sorted.Length / Bins));
            while (end < sorted.Length && sorted[end] == sorted[end - 1])
            {
                end++;
            }

            end = bins.Count == Bins - 1 ? sorted.Length : end;
            bins.Add(new PredictionBin(end - start, Mean(sorted.AsSpan(start..end)), Mean(actual.AsSpan(start..end))));
            start = end;
        }

        return bins;
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
