using System.Diagnostics;
using System.Numerics;

namespace Relay.TestKit.Load;

/// <summary>Counts durations in buckets that are each 3 % wide, so that any number of them takes the same little memory.</summary>
public sealed class LatencyHistogram
{
    // Every power of two is cut into so many parts.
    private const int Parts = 32;
    private readonly long[] _counts = new long[64 * Parts];

    /// <summary>Durations so far; may be read while they are added.</summary>
    public long Count => _counts.Sum();

    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public void Add(long ticks) => _counts[BucketOf(ticks)]++;

    public static LatencyHistogram Sum(IEnumerable<LatencyHistogram> several)
    {
        LatencyHistogram sum = new();
        foreach (LatencyHistogram one in several)
        {
            for (int i = 0; i < one._counts.Length; i++)
            {
                sum._counts[i] += one._counts[i];
            }
        }

        return sum;
    }

    /// <summary>Microseconds that a share of all durations does not exceed.</summary>
    public double Percentile(double share)
    {
        long left = (long)Math.Ceiling(Count * share);
        for (int i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0)
            {
                return UpperBound(i) * 1e6 / Stopwatch.Frequency;
            }
        }

        return double.NaN;
    }

    private static int BucketOf(long ticks)
    {
        if (ticks < Parts)
        {
            return (int)Math.Max(0, ticks);
        }

        int power = BitOperations.Log2((ulong)ticks);
        int part = (int)(ticks >> (power - 5)) & (Parts - 1);
        return ((power - 4) * Parts) + part;
    }

    private static double UpperBound(int bucket)
    {
        if (bucket < Parts)
        {
            return bucket;
        }

        int power = (bucket / Parts) + 4;
        return Math.ScaleB(Parts + (bucket % Parts) + 1, power - 5);
    }
}
