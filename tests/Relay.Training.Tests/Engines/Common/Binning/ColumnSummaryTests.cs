using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Tests.Engines.Common.Binning;

/// <summary>A summary is a function of the set of values: order, parts and the way of merging do not show.</summary>
public sealed class ColumnSummaryTests
{
    public static TheoryData<int, int> Cases => new()
    {
        // Seed and number of values; beyond 65,536 distinct ones cells are made coarser.
        { 1, 0 }, { 2, 1 }, { 3, 700 }, { 4, 65_536 }, { 5, 70_000 }, { 6, 300_000 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Add_OtherOrder_GivesTheSameCells(int seed, int count)
    {
        float[] values = Values(seed, count);
        float[] shuffled = [.. values];
        new Random(seed + 100).Shuffle(shuffled);

        AssertSame(Summarize(values), Summarize(shuffled));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Merge_AnyPartsInAnyWay_GivesTheCellsOfTheWhole(int seed, int count)
    {
        float[] values = Values(seed, count);
        ColumnSummary whole = Summarize(values);
        Random random = new(seed);
        for (int turn = 0; turn < 4; turn++)
        {
            int parts = random.Next(1, 6);
            List<ColumnSummary> left = [.. values.GroupBy(_ => random.Next(parts)).Select(part => Summarize([.. part])), new ColumnSummary()];
            while (left.Count > 1)
            {
                // A random tree of merges in a random order, through bytes half of the time.
                ColumnSummary one = Take();
                ColumnSummary other = Take();
                one.Merge(random.Next(2) == 0 ? other : ColumnSummary.FromBytes(other.ToBytes()));
                left.Add(one);
            }

            AssertSame(whole, left[0]);

            ColumnSummary Take()
            {
                int at = random.Next(left.Count);
                ColumnSummary taken = left[at];
                left.RemoveAt(at);
                return taken;
            }
        }
    }

    [Fact]
    public void Cells_FewDistinctValues_AreExact()
    {
        float[] values = Values(7, 65_536);

        ValueCell[] cells = Summarize(values).Cells();

        Assert.Equal(
            values.Where(v => !float.IsNaN(v)).GroupBy(FloatKey.FromValue).OrderBy(g => g.Key).Select(g => new ValueCell(g.Key, g.Key, g.Count())),
            cells);
    }

    [Fact]
    public void Cells_MoreDistinctValuesThanCells_AreBoundedAndHoldAll()
    {
        float[] values = Values(8, 400_000);

        ValueCell[] cells = Summarize(values).Cells();

        Assert.InRange(cells.Length, 1024, ColumnSummary.MaxCells);
        Assert.Equal(values.Count(v => !float.IsNaN(v)), cells.Sum(c => c.Rows));
        Assert.All(cells.Zip(cells.Skip(1)), pair => Assert.True(pair.First.Max < pair.Second.Min));
    }

    [Fact]
    public void Fit_MoreDistinctValuesThanCells_GivesBinsOfLikeSize()
    {
        Random random = new(9);
        float[] values = [.. Enumerable.Range(0, 400_000).Select(_ => (float)((random.NextDouble() - 0.5) * 1000))];

        ColumnBins bins = ColumnBins.Fit(values);

        int[] rows = new int[bins.ValueBins];
        foreach (float value in values)
        {
            rows[bins.Bin(value)]++;
        }

        Assert.InRange(bins.ValueBins, 250, BinEdges.MaxBins);
        Assert.InRange(rows.Max(), values.Length / 255, 2 * values.Length / 255);
    }

    // Clusters far apart, both signs, many orders of magnitude, and missing values.
    private static float[] Values(int seed, int count)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(8) switch
        {
            0 => float.NaN,
            1 => -(float)Math.Exp(random.NextDouble() * 20),
            2 => random.Next(5),
            3 => 1e9f + (float)(random.NextDouble() * 1e6),
            _ => (float)random.NextDouble(),
        })];
    }

    private static ColumnSummary Summarize(float[] values)
    {
        ColumnSummary summary = new();
        foreach (float value in values)
        {
            summary.Add(value);
        }

        return summary;
    }

    private static void AssertSame(ColumnSummary expected, ColumnSummary actual)
    {
        Assert.Equal(expected.Missing, actual.Missing);
        Assert.Equal(expected.Cells(), actual.Cells());
    }
}
