using Relay.Training.Evaluation;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Gates;

/// <summary>The intervals against values of other programs, and against how often they hold.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0, 10, 0, 0.27753)]
    [InlineData(5, 10, 0.23659, 0.76341)]
    [InlineData(81, 263, 0.25529, 0.36621)]
    public void Wilson_KnownShares_ThePublishedIntervals(long hits, long rows, double low, double high)
    {
        GateInterval interval = Proportions.Wilson(hits, rows);

        Assert.Equal((low, high), (Math.Round(interval.Low, 5), Math.Round(interval.High, 5)));
    }

    [Fact]
    public void Paired_FewRows_ProveLittle()
    {
        Assert.True(Proportions.Paired(lost: 3, won: 0, rows: 3).Low < 0.1);
        Assert.True(Proportions.Paired(lost: 30, won: 0, rows: 30).Low > 0.8);
        Assert.True(Proportions.Paired(lost: 500, won: 500, rows: 10_000).Low < 0);
    }

    [Fact]
    public void MacroF1Bootstrap_OneModelBetterByMuch_IntervalHoldsTheDifferenceAndIsTheSameEachTime()
    {
        Random random = new(3);
        int[] truth = [.. Enumerable.Range(0, 4000).Select(_ => random.Next(3))];
        int[] good = [.. truth.Select(t => random.Next(20) == 0 ? random.Next(3) : t)];
        int[] bad = [.. truth.Select(t => random.Next(5) == 0 ? -1 : t)];

        (double first, double second, GateInterval interval) = MacroF1Bootstrap.Compare(truth, good, bad, 3);

        Assert.InRange(first - second, interval.Low, interval.High);
        Assert.True(interval.Low > 0.02);
        Assert.Equal((first, second, interval), MacroF1Bootstrap.Compare(truth, good, bad, 3));
    }

    [Fact]
    public void MacroF1Bootstrap_ModelsOfOneQuality_TheIntervalHoldsZeroAboutAsOftenAsItSays()
    {
        int holds = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            int[] truth = [.. Enumerable.Range(0, 400).Select(_ => random.Next(2))];
            int[] Guess() => [.. truth.Select(t => random.Next(6) == 0 ? 1 - t : t)];
            GateInterval interval = MacroF1Bootstrap.Compare(truth, Guess(), Guess(), 2).Difference;
            holds += interval is { Low: <= 0, High: >= 0 } ? 1 : 0;
        }

        Assert.InRange(holds, 51, 60);
    }

    [Fact]
    public void PairedAuc_TwoModels_AreasAreThoseOfTheCurveAndTheIntervalHoldsTheDifference()
    {
        Random random = new(9);
        bool[] positive = [.. Enumerable.Range(0, 500).Select(_ => random.Next(3) == 0)];
        float[] Scores(int noise) => [.. positive.Select(p => (p ? 10f : 0f) + random.Next(noise))];
        float[] good = Scores(15);
        float[] bad = Scores(40);

        (double first, double second, GateInterval difference) = PairedAuc.Compare([positive], [good], [bad])!.Value;

        Assert.Equal(RocCurve.Area([.. good], [.. positive])!.Value, first, 12);
        Assert.Equal(RocCurve.Area([.. bad], [.. positive])!.Value, second, 12);
        Assert.InRange(first - second, difference.Low, difference.High);
        Assert.True(difference.Low > 0.05);
        Assert.Null(PairedAuc.Compare([new bool[500]], [good], [bad]));
    }

    [Fact]
    public void PairedAuc_ScoresThatAreNoNumbers_AreTheLowest()
    {
        bool[] positive = [true, true, false, false];

        (double first, double second, _) = PairedAuc.Compare([positive], [[float.NaN, float.NaN, 1, 2]], [[1, 2, float.NaN, float.NaN]])!.Value;

        Assert.Equal((0d, 1d), (first, second));
    }

    [Fact]
    public void Mean_KnownValues_TheIntervalOfTheStandardError()
    {
        (double mean, GateInterval interval) = Proportions.Mean([1, 2, 3, 4]);

        Assert.Equal((2.5, 1.2348), (mean, Math.Round(interval.Low, 4)));
    }
}
