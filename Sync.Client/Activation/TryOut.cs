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

    public static Refusal? Run(ModelScorer scorer, GoldenVectors golden, TimeSpan latencyBudget, string subject)
    {
        float[] outputs = new float[scorer.OutputWidth];
        List<TimeSpan> times = [];
        do
        {
            for (int row = 0; row < golden.Rows; row++)
            {
                float[] numbers = [.. golden.Numbers[row].Select(n => n ?? float.NaN)];
                string[] categories = [.. golden.Categories[row]];
                long start = Stopwatch.GetTimestamp();
                if (Mismatch(scorer, golden, row, numbers, categories, outputs) is { } mismatch)
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
        ModelScorer scorer, GoldenVectors golden, int row, float[] numbers, string[] categories, float[] outputs)
    {
        try
        {
            scorer.Score(numbers, categories, rows: 1, outputs);
        }
        catch (RelayModelException e)
        {
            return e.Message;
        }

        return GoldenComparison.Compare(golden, row, scorer.LabelOf(outputs), outputs, GoldenComparison.AcrossProcessors)?.Detail;
    }
}
