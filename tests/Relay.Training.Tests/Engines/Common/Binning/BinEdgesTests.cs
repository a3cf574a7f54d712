using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Tests.Engines.Common.Binning;

public sealed class BinEdgesTests
{
    [Fact]
    public void Between_AdjacentFloats_IsTheLeftOne()
    {
        float left = 0.1f;

        Assert.Equal(left, BinEdges.Between(left, MathF.BitIncrement(left)));
    }

    [Theory]
    [InlineData(1f, 2f)]
    [InlineData(-3.4028235e38f, 3.4028235e38f)]
    [InlineData(-1e-45f, 0f)]
    [InlineData(16777216f, 16777222f)]
    [InlineData(0.3f, 0.7f)]
    public void Between_AnyTwo_PartsThem(float left, float right)
    {
        float edge = BinEdges.Between(left, right);

        Assert.True(left <= edge && edge < right);
        Assert.True(edge <= left + (((double)right - left) / 2));
    }

    [Fact]
    public void Bin_ValuesOnAndBesideThresholds_FallAsTheComparisonSays()
    {
        Random random = new(3);
        float[] values = [.. Enumerable.Range(0, 40_000).Select(_ => (float)Math.Pow(random.NextDouble() - 0.5, 3) * 1e4f), 0f, -0f];

        ColumnBins bins = Fit(values);

        Assert.InRange(bins.ValueBins, 200, BinEdges.MaxBins);
        for (int bin = 0; bin < bins.ValueBins - 1; bin++)
        {
            float threshold = bins.Threshold(bin);
            Assert.Equal(bin, bins.Bin(threshold));
            Assert.Equal(bin + 1, bins.Bin(MathF.BitIncrement(threshold)));
        }

        Assert.All(values, v => Assert.Equal(
            Enumerable.Range(0, bins.ValueBins - 1).Count(b => v > bins.Threshold(b)), bins.Bin(v)));
    }

    [Fact]
    public void Fit_FewValues_GivesEachItsBin()
    {
        ColumnBins bins = Fit([2, 1, 2, 3, float.NaN, 1]);

        Assert.Equal(3, bins.ValueBins);
        Assert.Equal(4, bins.Bins);
        Assert.Equal([0, 1, 2, 3], new[] { 1, 2, 3, float.NaN }.Select(v => (int)bins.Bin(v)));
        Assert.Equal(1.5f, bins.Threshold(0));
    }

    [Fact]
    public void Fit_HeavyValues_KeepBinsOfTheirOwn()
    {
        float[] values = [.. Enumerable.Range(0, 3000).Select(i => (float)i), .. Enumerable.Repeat(700f, 900), .. Enumerable.Repeat(2200f, 900)];

        ColumnBins bins = Fit(values);

        Assert.All(new[] { 700f, 2200f }, heavy =>
        {
            Assert.NotEqual(bins.Bin(heavy), bins.Bin(heavy + 1));
            Assert.InRange(values.Distinct().Count(v => bins.Bin(v) == bins.Bin(heavy)), 1, 8);
        });
    }

    [Fact]
    public void Fit_OtherOrder_GivesTheSameThresholds()
    {
        Random random = new(9);
        float[] values = [.. Enumerable.Range(0, 5000).Select(_ => (float)random.NextDouble())];
        float[] shuffled = [.. values];
        random.Shuffle(shuffled);

        Assert.Equal(Thresholds(Fit(values)), Thresholds(Fit(shuffled)));
    }

    private static ColumnBins Fit(float[] values) => ColumnBins.Fit(values);

    private static float[] Thresholds(ColumnBins bins) => [.. Enumerable.Range(0, bins.ValueBins - 1).Select(bins.Threshold)];
}
