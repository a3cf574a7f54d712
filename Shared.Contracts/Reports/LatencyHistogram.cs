namespace Shared.Contracts.Reports;

/// <summary>The fixed buckets of call durations: 64, each a third wider than the one before, from 100 ns to 7 s. All nodes have the same
/// ones, so that their counts add up.</summary>
public static class LatencyHistogram
{
    public const int Buckets = 64;

    private const long FirstBound = 100;
    private static readonly long[] UpperBounds = CreateBounds();

    /// <summary>The bucket of a duration.</summary>
    public static int IndexOf(long nanoseconds)
    {
        int found = Array.BinarySearch(UpperBounds, nanoseconds);
        return found < 0 ? ~found : found;
    }

    /// <summary>The largest duration of a bucket, in nanoseconds; the last bucket has none, and gives that of the bucket before.</summary>
    public static long UpperBound(int bucket) => UpperBounds[Math.Min(bucket, UpperBounds.Length - 1)];

    /// <summary>The duration that a share of calls does not exceed, in nanoseconds, as if the calls of a bucket were spread over it evenly.</summary>
    /// <param name="counts">By bucket.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>Null without calls.</returns>
    public static double? Quantile(ReadOnlySpan<long> counts, double share)
    {
        double total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        double before = 0;
        for (int bucket = 0; bucket < counts.Length; bucket++)
        {
            if (counts[bucket] > 0 && before + counts[bucket] >= share * total)
            {
                double lower = bucket == 0 ? 0 : UpperBound(bucket - 1);
                return lower + ((UpperBound(bucket) - lower) * Math.Clamp(((share * total) - before) / counts[bucket], 0, 1));
            }

            before += counts[bucket];
        }

        return null;
    }

    // Whole numbers only: every machine has the same bounds.
    private static long[] CreateBounds()
    {
        long[] bounds = new long[Buckets - 1];
        bounds[0] = FirstBound;
        for (int i = 1; i < bounds.Length; i++)
        {
            bounds[i] = ((bounds[i - 1] * 4) + 2) / 3;
        }

        return bounds;
    }
}
