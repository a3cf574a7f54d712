using System.Diagnostics;
using Shared.Contracts.Reports;

namespace Sync.Client.Scoring;

/// <summary>The use of one version by one thread, which alone writes it, with plain stores: a call waits for no other thread.</summary>
/// <remarks>The clock is read for one call in 64: twice for each would cost as much as a fast prediction. Threads time different ones, so that the
/// first call of a thread, which is slow, counts no more often than others.</remarks>
internal sealed class ThreadUsage(int number)
{
    private const int CallsPerTimed = 64;
    private const int PhaseStep = 37;

    // Two pairs of cache lines on either side: see PaddedLong.
    private const int Padding = 16;
    private const int FirstScore = Padding + UsageCounts.FirstScore;
    private const int FirstLabel = Padding + UsageCounts.FirstLabel;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly long[] _cells = new long[Padding + UsageCounts.Length + Padding];
    private readonly long _phase = (number + 1) * PhaseStep % CallsPerTimed;

    /// <summary>Begins a call.</summary>
    /// <returns>What to end it with.</returns>
    public long Begin() => _cells[Padding + UsageCounts.Answered] % CallsPerTimed == _phase ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Ends a call that was answered.</summary>
    /// <param name="began">What <see cref="Begin"/> gave; 0 for a call whose duration does not count.</param>
    public void End(long began, int rows)
    {
        Add(Padding + UsageCounts.Answered, 1);
        Add(Padding + UsageCounts.Rows, rows);
        if (began != 0)
        {
            Add(
                Padding + UsageCounts.FirstLatency
                    + LatencyHistogram.IndexOf((long)((Stopwatch.GetTimestamp() - began) * NanosecondsPerTick)),
                1);
        }
    }

    /// <summary>Counts the answer of a row.</summary>
    /// <param name="label">In the order of the schema's classes.</param>
    /// <param name="scoreBin">Of <see cref="ScoreBins"/>.</param>
    public void AddRow(int label, int scoreBin)
    {
        Add(FirstLabel + Math.Min(label, UsageBounds.Labels - 1), 1);
        Add(FirstScore + scoreBin, 1);
    }

    /// <summary>Counts the answer of a row without a label.</summary>
    public void AddRow(int scoreBin) => Add(FirstScore + scoreBin, 1);

    /// <summary>Adds the counts, from any thread.</summary>
    public void AddTo(UsageCounts sums)
    {
        for (int i = 0; i < UsageCounts.Length; i++)
        {
            sums[i] += Interlocked.Read(ref _cells[Padding + i]);
        }
    }

    private void Add(int cell, long count)
    {
        ref long value = ref _cells[cell];
        Volatile.Write(ref value, value + count);
    }
}
