using System.Diagnostics;

namespace Relay.Training.Packaging;

/// <summary>Measures how long one row takes. The figure depends on this machine and its load.</summary>
internal static class LatencyMeter
{
    private const int MinTurns = 5;
    private const int MaxTurns = 200;

    /// <param name="rows">Golden rows, each scored in turn.</param>
    /// <param name="maxTime">About how long to measure.</param>
    /// <returns>Microseconds of the median.</returns>
    public static double Measure(GoldenScorer scorer, int rows, TimeSpan maxTime)
    {
        List<double> times = [];
        long start = Stopwatch.GetTimestamp();
        for (int turn = 0; turn < MaxTurns && (turn < MinTurns || Stopwatch.GetElapsedTime(start) < maxTime); turn++)
        {
            for (int row = 0; row < rows; row++)
            {
                long began = Stopwatch.GetTimestamp();
                scorer.Score(row);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            }
        }

        times.Sort();
        return Math.Round(times[times.Count / 2], 2);
    }
}
