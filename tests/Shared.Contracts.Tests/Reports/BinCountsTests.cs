using Shared.Contracts.Reports;

namespace Shared.Contracts.Tests.Reports;

public sealed class BinCountsTests
{
    [Fact]
    public void FromBins_CountsInTheMiddle_AddToTheSameBins()
    {
        long[] bins = [0, 0, 3, 0, 4, 0];

        BinCounts counts = BinCounts.FromBins(bins)!;
        long[] sums = new long[6];
        counts.AddTo(sums);
        counts.AddTo(sums);

        Assert.Equal((2, 3), (counts.First, counts.Counts.Count));
        Assert.Equal([0, 0, 6, 0, 8, 0], sums);
    }

    [Fact]
    public void FromBins_NoCounts_IsNull() => Assert.Null(BinCounts.FromBins(new long[20]));

    [Fact]
    public void AddTo_SumsBeyondTheBound_StayAtIt()
    {
        long[] sums = [UsageBounds.Count - 1];

        new BinCounts(0, [UsageBounds.Count]).AddTo(sums);

        Assert.Equal([UsageBounds.Count], sums);
    }

    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0.05f, 1)]
    [InlineData(0.999f, 19)]
    [InlineData(1f, 19)]
    public void OfProbability_EqualWidths(float probability, int bin) => Assert.Equal(bin, ScoreBins.OfProbability(probability));

    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(-0.5f, 10)]
    [InlineData(0f, 19)]
    public void OfAnomalyScore_FromMinusOneToZero(float score, int bin) => Assert.Equal(bin, ScoreBins.OfAnomalyScore(score));

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-1f, 5)]
    [InlineData(-1e-30f, 9)]
    [InlineData(0f, 10)]
    [InlineData(1f, 14)]
    [InlineData(15.9f, 14)]
    [InlineData(16f, 15)]
    [InlineData(float.MaxValue, 19)]
    public void OfValue_ByPowersOfSixteenOnBothSidesOfZero(float value, int bin) => Assert.Equal(bin, ScoreBins.OfValue(value));
}
