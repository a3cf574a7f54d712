namespace Shared.Contracts.Reports;

/// <summary>The counts of a histogram from its first bin with a count to the last one; all others are 0.</summary>
/// <param name="First">The index of the first count.</param>
public sealed record BinCounts(int First, IReadOnlyList<long> Counts)
{
    /// <returns>Null where every count is 0.</returns>
    public static BinCounts? FromBins(ReadOnlySpan<long> bins)
    {
        int first = bins.IndexOfAnyExcept(0);
        return first < 0 ? null : new(first, bins[first..(bins.LastIndexOfAnyExcept(0) + 1)].ToArray());
    }

    /// <summary>Adds the counts to bins, which have room for them; no sum grows beyond <see cref="UsageBounds.Count"/>.</summary>
    public void AddTo(Span<long> bins)
    {
        for (int i = 0; i < Counts.Count; i++)
        {
            bins[First + i] = Math.Min(bins[First + i] + Counts[i], UsageBounds.Count);
        }
    }

    /// <summary>True where all counts lie in so many bins and are within the bounds of a report.</summary>
    internal bool FitsIn(int bins) =>
        First >= 0 && Counts.Count <= bins && First <= bins - Counts.Count && Counts.All(count => count is >= 0 and <= UsageBounds.Count);
}
