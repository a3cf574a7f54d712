using Relay.Training.Data.Features;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Tests.Data.Features;

public sealed class TargetStatisticsTests
{
    [Fact]
    public void Value_Classes_IsTheShareOfTheSecondDrawnTowardsThatOfAllRows()
    {
        TargetStatistics statistics = Fit([0, 0, 0, 1, -1], [1, 1, 0, 0, 1], classes: 2);

        // Of the rows with a text two of four are of the second class.
        Assert.Equal((2 + 0.5f) / 4, statistics.Value(0, 0));
        Assert.Equal((0 + 0.5f) / 2, statistics.Value(0, 1));
    }

    [Fact]
    public void Value_Targets_IsTheirMean()
    {
        TargetStatistics statistics = TargetStatistics.Fit(
            [0, 0, 1], 2, TargetValues.Create([0, 0, 0], [], [-1, -5, 3], 3, SingleShard.Instance), 0, SingleShard.Instance);

        Assert.Equal((-6 - 1f) / 3, statistics.Value(0, 0), 1e-6f);
        Assert.Equal((3 - 1f) / 2, statistics.Value(0, 1), 1e-6f);
    }

    [Fact]
    public void OutOfFold_AnyRow_DoesNotDependOnItsOwnLabel()
    {
        int[] codes = [.. Enumerable.Range(0, 60).Select(row => row % 4)];
        int[] labels = [.. Enumerable.Range(0, 60).Select(row => row * row % 3)];
        for (int row = 0; row < codes.Length; row++)
        {
            int[] others = [.. labels];
            others[row] = (labels[row] + 1) % 3;
            float[] first = Values(labels, row);

            Assert.All(Values(others, row).Zip(first), pair => Assert.Equal(pair.Second, pair.First, 0.02f));
            Assert.All(first, value => Assert.InRange(value, 0, 1));
        }

        // The mean of all rows, which a sixtieth of a label moves, counts as one row.
        float[] Values(int[] of, int row)
        {
            TargetStatistics statistics = Fit(codes, of, classes: 3);
            return [.. Enumerable.Range(0, 3).Select(column => statistics.OutOfFold(column, codes[row], TargetStatistics.FoldOf(row)))];
        }
    }

    [Fact]
    public void OutOfFold_TextOfOneRow_IsAsOneThatTrainingNeverSaw()
    {
        TargetStatistics statistics = Fit([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], classes: 2);

        Assert.True(float.IsNaN(statistics.OutOfFold(0, 0, TargetStatistics.FoldOf(0))));
        Assert.False(float.IsNaN(statistics.OutOfFold(0, 1, TargetStatistics.FoldOf(1))));
        Assert.False(float.IsNaN(statistics.Value(0, 0)));
    }

    [Fact]
    public void FoldOf_ManyRows_AreAlikeInSize()
    {
        int[] rows = new int[TargetStatistics.Folds];
        for (int row = 0; row < 10_000; row++)
        {
            rows[TargetStatistics.FoldOf(row)]++;
        }

        Assert.All(rows, count => Assert.InRange(count, 1850, 2150));
    }

    private static TargetStatistics Fit(int[] codes, int[] labels, int classes)
    {
        long[] classRows = [.. Enumerable.Range(0, classes).Select(c => labels.LongCount(l => l == c))];
        TargetValues values = TargetValues.Create(labels, classRows, null, codes.Length, SingleShard.Instance);
        return TargetStatistics.Fit(codes, codes.Max() + 1, values, 0, SingleShard.Instance);
    }
}
