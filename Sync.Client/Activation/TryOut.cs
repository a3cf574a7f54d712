using System.Diagnostics;
using Shared.Contracts.Models;
using Shared.Contracts.Trust;
using Sync.Client.Runtime;

namespace Sync.Client.Activation;

/// <summary>Runs a model on its golden vectors before it answers anybody: every answer must be the one that was signed, and the
/// median row must be fast enough.</summary>
internal static class TryOut
{
    // Enough rows that a pause of the machine does not decide.
    private const int TimedRows = 64;

    public static Refusal? Run(OnnxScorer scorer, GoldenVectors golden, TimeSpan latencyBudget, string subject)
    {
        float[] probabilities = new float[scorer.Version.Schema.Classes.Count];
        List<TimeSpan> times = [];
        do
        {
            for (int row = 0; row < golden.Numbers.Count; row++)
            {
                float[] numbers = [.. golden.Numbers[row].Select(n => n ?? float.NaN)];
                string[] categories = [.. golden.Categories[row]];
                long start = Stopwatch.GetTimestamp();
                if (Mismatch(scorer, golden, row, numbers, categories, probabilities) is { } mismatch)
                {
                    return new(RefusalReason.GoldenVectorMismatch, subject, $"golden row {row}: {mismatch}");
                }

                times.Add(Stopwatch.GetElapsedTime(start));
            }
        }
        while (times.Count < TimedRows);

        times.Sort();
        TimeSpan median = times[times.Count / 2];
        return median <= latencyBudget
            ? null
            : new(RefusalReason.TryOutTooSlow, subject, $"{median.TotalMilliseconds:F1} ms a row where {latencyBudget.TotalMilliseconds:F1} are allowed");
    }

    private static string? Mismatch(
        OnnxScorer scorer, GoldenVectors golden, int row, float[] numbers, string[] categories, float[] probabilities)
    {
        Prediction answer;
        try
        {
            answer = scorer.Predict(numbers, categories, probabilities);
        }
        catch (RelayModelException e)
        {
            return e.Message;
        }

        return GoldenComparison.Compare(golden, row, answer.Label, probabilities, GoldenComparison.AcrossProcessors)?.Detail;
    }
}
