using Relay.Training.Data.Features;
using Relay.Training.Data.Streaming;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Tests.Engines.Common.Sharding;

/// <summary>What is found by sums alone is what gathering finds.</summary>
public sealed class SumReductionsTests
{
    private static readonly double[] Values =
        [0, -0.0, 1, -1, 1e-310, -1e-310, 4.5e300, double.MaxValue, double.MinValue, double.PositiveInfinity, 7.25];

    [Fact]
    public void MaxAndMin_AnyValues_AreThoseOfAll()
    {
        for (int first = 0; first < Values.Length; first++)
        {
            double[] own = [Values[first], Values[(first + 3) % Values.Length], Values[(first + 4) % Values.Length]];

            (double Max, double Min)[] found = ShardThreads.Run(3, shard =>
            {
                SumsOnlyGroup group = new(shard);
                return (group.Max(own[shard.Rank]), group.Min(own[shard.Rank]));
            });

            Assert.Equal(Enumerable.Repeat((own.Max(), own.Min()), 3), found);
        }
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(0, double.Epsilon, -1074)]
    [InlineData(3.99, 1, 1)]
    [InlineData(double.MaxValue, 1, 1023)]
    public void MaxExponent_ByGatheringOrBySums_IsTheSame(double first, double second, int? expected) => Assert.Equal(
        Enumerable.Repeat(expected, 4),
        [
            .. ShardThreads.Run(2, shard => shard.MaxExponent(shard.Rank == 0 ? first : second)),
            .. ShardThreads.Run(2, shard => new SumsOnlyGroup(shard).MaxExponent(shard.Rank == 0 ? first : second)),
        ]);

    [Fact]
    public void Any_OneOrAllSayYes_SumsDoNotTellHowMany()
    {
        long[][] sums = ShardThreads.Run(3, shard =>
        {
            Recorder recorder = new(shard);
            Assert.Equal([true, true, false], recorder.Any([true, shard.Rank == 1, false]));
            return recorder.Last;
        });

        Assert.Equal(0, sums[0][2]);
        Assert.All(sums[0][..2], sum => Assert.True(Math.Abs((double)sum) > 1e12, "a random number of 64 bits"));
    }

    /// <summary>A shard on which it does not hold takes its own part off, and learns whether it is the only one: never how many are not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void All_OneOrMoreSayNo_SumDoesNotTellHowMany(int sayNo)
    {
        long[][] sums = ShardThreads.Run(3, shard =>
        {
            Recorder recorder = new(shard);
            Assert.True(recorder.All(true));
            Assert.False(recorder.All(shard.Rank >= sayNo));
            return recorder.Last;
        });

        Assert.All(sums, sum => Assert.True(Math.Abs((double)sum.Single()) > 1e12, "a random number of 64 bits"));
    }

    // Few values; more than bins; more than cells, so that cells hold ranges; and none.
    [Theory]
    [InlineData(300, 20)]
    [InlineData(3_000, 5_000)]
    [InlineData(200_000, 100_000_000)]
    [InlineData(150_000, 90_000)]
    public void Merge_ColumnOfThreeShards_GivesTheEdgesOfAllRows(int rows, int values)
    {
        Random random = new(rows);
        float[] all =
            [.. Enumerable.Range(0, rows).Select(i => i % 50 == 0 ? float.NaN : i % 3 == 0 ? 17 : (random.Next(values) - (values / 3)) / 7f)];
        ColumnSummary whole = Summarize(all);

        ColumnSummary[] merged = ShardThreads.Run(
            3, shard => SummedColumn.Merge(Summarize(all[(shard.Rank * rows / 3)..((shard.Rank + 1) * rows / 3)]), new SumsOnlyGroup(shard)));

        Assert.All(merged, summary =>
        {
            Assert.Equal((whole.Shift, whole.Missing), (summary.Shift, summary.Missing));
            Assert.Equal(whole.Cells().Select(c => c.Rows), summary.Cells().Select(c => c.Rows));
            Assert.Equal(BinEdges.Choose(whole.Cells()), BinEdges.Choose(summary.Cells()));
            Assert.Equivalent(ColumnProfile.OfNumbers(whole), ColumnProfile.OfNumbers(summary));
        });
    }

    [Fact]
    public void Merge_ColumnWithoutValues_HasMissingRowsOnly()
    {
        ColumnSummary[] merged = ShardThreads.Run(3, shard => SummedColumn.Merge(Summarize([float.NaN, float.NaN]), new SumsOnlyGroup(shard)));

        Assert.All(merged, summary => Assert.Equal((6, 0), (summary.Missing, summary.CellCount)));
    }

    private static ColumnSummary Summarize(float[] values)
    {
        ColumnSummary summary = new();
        Array.ForEach(values, summary.Add);
        return summary;
    }

    private sealed class Recorder(IShardGroup open) : IShardGroup
    {
        public long[] Last { get; private set; } = [];

        public int Rank => open.Rank;

        public int Size => open.Size;

        public bool SharesSumsOnly => true;

        public void Sum(Span<long> values)
        {
            open.Sum(values);
            Last = values.ToArray();
        }

        public byte[][] Gather(ReadOnlySpan<byte> own) => throw new InvalidOperationException("Only sums are shared.");
    }
}
