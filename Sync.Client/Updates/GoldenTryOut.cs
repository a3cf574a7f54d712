using System.Diagnostics;
using Shared.Contracts;
using Shared.Contracts.Models;
using Sync.Client.Scoring;

namespace Sync.Client.Updates;

/// <summary>Runs a scorer on the model's golden vectors before it answers calls: every answer must be the signed one, the median row must
/// stay within its time, and all rows within theirs.</summary>
internal static class GoldenTryOut
{
    // Enough rows that a pause of the machine does not decide.
    private const int TimedRows = 64;

    public static Refusal? Run(ModelScorer scorer, GoldenVectors golden, RelaySyncBudgets budgets, string subject)
    {
        float[] outputs = new float[scorer.OutputWidth];
        List<TimeSpan> times = [];
        long began = Stopwatch.GetTimestamp();
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
                if (Stopwatch.GetElapsedTime(began) > budgets.TryOutTime)
                {
                    return new(
                        RefusalReason.TryOutTooSlow, subject,
                        $"{times.Count} rows in {budgets.TryOutTime.TotalSeconds:F1} s, the time for all of them");
                }
            }
        }
        while (times.Count < TimedRows);

        times.Sort();
        TimeSpan median = times[times.Count / 2];
        return median <= budgets.TryOutLatency
            ? null
            : new(
                RefusalReason.TryOutTooSlow, subject,
                $"{median.TotalMilliseconds:F1} ms a row where {budgets.TryOutLatency.TotalMilliseconds:F1} are allowed");
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

        return GoldenComparison.Compare(golden, row, scorer.LabelOf(outputs), outputs,
            GoldenComparison.ToleranceOf(scorer.Version.Schema.Classes.Count))?.Detail;
    }
}
