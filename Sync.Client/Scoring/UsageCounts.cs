using Shared.Contracts.Reports;

namespace Sync.Client.Scoring;

/// <summary>All counts of the use of a version, as one list of numbers, so that they add and subtract in one pass.</summary>
/// <param name="cells">Exactly <see cref="Length"/> numbers.</param>
internal sealed class UsageCounts(long[] cells)
{
    /// <summary>Index of the calls that got an answer.</summary>
    public const int Answered = 0;

    public const int Rows = 1;
    public const int Failures = 2;
    public const int CallerFaults = 3;
    public const int Length = FirstLabel + UsageBounds.Labels;

    internal const int FirstLatency = 4;
    internal const int FirstScore = FirstLatency + LatencyHistogram.Buckets;
    internal const int FirstLabel = FirstScore + ScoreBins.Bins;

    public UsageCounts()
        : this(new long[Length])
    {
    }

    public ReadOnlySpan<long> Cells => cells;

    public Span<long> Latency => cells.AsSpan(FirstLatency, LatencyHistogram.Buckets);

    public Span<long> Scores => cells.AsSpan(FirstScore, ScoreBins.Bins);

    public Span<long> Labels => cells.AsSpan(FirstLabel, UsageBounds.Labels);

    /// <summary>All calls, with an answer or without.</summary>
    public long Calls => cells[Answered] + cells[Failures] + cells[CallerFaults];

    public long this[int index]
    {
        get => cells[index];
        set => cells[index] = value;
    }

    /// <summary>Adds the counts by which a version has grown.</summary>
    public void AddGrowth(UsageCounts before, UsageCounts now)
    {
        for (int i = 0; i < Length; i++)
        {
            cells[i] += now.Cells[i] - before.Cells[i];
        }
    }
}
