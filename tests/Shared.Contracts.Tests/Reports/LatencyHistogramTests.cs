using Shared.Contracts.Reports;

namespace Shared.Contracts.Tests.Reports;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    [InlineData(101, 1)]
    [InlineData(long.MaxValue, LatencyHistogram.Buckets - 1)]
    public void IndexOf_Duration_IsTheFirstBucketThatHoldsIt(long nanoseconds, int bucket) =>
        Assert.Equal(bucket, LatencyHistogram.IndexOf(nanoseconds));

    [Fact]
    public void UpperBound_EachBucket_HoldsItsBoundAndNoMore()
    {
        for (int bucket = 0; bucket < LatencyHistogram.Buckets - 1; bucket++)
        {
            Assert.Equal(bucket, LatencyHistogram.IndexOf(LatencyHistogram.UpperBound(bucket)));
            Assert.Equal(bucket + 1, LatencyHistogram.IndexOf(LatencyHistogram.UpperBound(bucket) + 1));
        }

        Assert.InRange(LatencyHistogram.UpperBound(LatencyHistogram.Buckets - 1), 5_000_000_000, 10_000_000_000);
    }

    [Fact]
    public void Quantile_OfMergedNodes_IsThatOfAllCallsWithinTheWidthOfABucket()
    {
        Random random = new(7);
        long[] durations = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(6 + (8 * random.NextDouble())))];
        long[] merged = new long[LatencyHistogram.Buckets];
        foreach (long[] node in durations.Chunk(1_000))
        {
            long[] own = new long[LatencyHistogram.Buckets];
            Array.ForEach(node, duration => own[LatencyHistogram.IndexOf(duration)]++);
            BinCounts.FromBins(own)!.AddTo(merged);
        }

        Array.Sort(durations);
        foreach (double share in new[] { 0.1, 0.5, 0.99 })
        {
            double exact = durations[(int)(share * durations.Length)];
            Assert.InRange(LatencyHistogram.Quantile(merged, share)!.Value, exact * 3 / 4, exact * 4 / 3);
        }
    }

    [Fact]
    public void Quantile_NoCalls_IsNull() => Assert.Null(LatencyHistogram.Quantile(new long[LatencyHistogram.Buckets], 0.5));
}
