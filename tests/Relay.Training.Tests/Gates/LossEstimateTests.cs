using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Gates;

/// <summary>What a smaller model loses, with its interval.</summary>
public sealed class LossEstimateTests
{
    [Fact]
    public void MacroF1_ManyRows_IsThatOfTheBootstrapAndItsIntervalIsClose()
    {
        Random random = new(1);
        int[] truth = [.. Enumerable.Range(0, 4000).Select(_ => random.Next(20) == 0 ? 2 : random.Next(2))];
        int[] full = [.. truth.Select(t => random.NextDouble() < 0.05 ? random.Next(3) : t)];
        int[] small = [.. full.Select(t => random.NextDouble() < 0.05 ? random.Next(3) : t)];
        MacroF1Loss loss = new(3);
        for (int row = 0; row < truth.Length; row++)
        {
            loss.Add(truth[row], full[row], small[row]);
        }

        LossEstimate found = loss.Measure();

        (double first, double second, GateInterval interval) = MacroF1Bootstrap.Compare(truth, full, small, 3);
        Assert.Equal(first, found.Full, 1e-12);
        Assert.Equal(second, found.Quality, 1e-12);
        Assert.Equal(100 * (first - second), found.Points, 1e-9);
        Assert.Equal(interval.High - interval.Low, (found.Interval.High - found.Interval.Low) / 100, 0.15 * (interval.High - interval.Low));
        Assert.InRange(found.Points, found.Interval.Low, found.Interval.High);
    }

    [Fact]
    public void MacroF1_SameAnswers_NothingIsLostForCertain()
    {
        MacroF1Loss loss = new(3);
        loss.Add(0, 0, 0);
        loss.Add(1, 0, 0);
        loss.Add(1, 1, 1);

        LossEstimate found = loss.Measure();

        Assert.Equal((0, 0, 0), (found.Points, found.Interval.Low, found.Interval.High));
    }

    [Fact]
    public void MacroF1_PartsInAnyOrder_SameBits()
    {
        MacroF1Loss one = Part(7);
        MacroF1Loss other = Part(8);
        one.Add(Part(8));
        other.Add(Part(7));

        Assert.Equal(one.Measure().Points, other.Measure().Points, 1e-12);

        static MacroF1Loss Part(int seed)
        {
            Random random = new(seed);
            MacroF1Loss loss = new(4);
            for (int i = 0; i < 200; i++)
            {
                loss.Add(random.Next(4), random.Next(4), random.Next(4));
            }

            return loss;
        }
    }

    [Fact]
    public void Error_Rise_IsInPercentOfTheRoot()
    {
        ErrorLoss loss = default;
        for (int row = 0; row < 100; row++)
        {
            loss = loss.Add(truth: row, full: row + 1, small: row + (row % 2 == 0 ? 1.1 : -1.1));
        }

        LossEstimate found = loss.Measure();

        Assert.Equal((1, 1.1, 10), (found.Full, Math.Round(found.Quality, 9), Math.Round(found.Points, 6)));
        Assert.InRange(found.Points, found.Interval.Low - 1e-9, found.Interval.High + 1e-9);
    }

    [Fact]
    public void Error_FullModelWithoutAnyError_AnyErrorIsTooMuch()
    {
        Assert.Equal(double.MaxValue, default(ErrorLoss).Add(1, 1, 2).Measure().Points);
        Assert.Equal(0, default(ErrorLoss).Add(1, 1, 1).Measure().Points);
    }

    [Fact]
    public void Auc_OneKindOfRow_NoFigure()
    {
        Assert.Null(AucLoss.Measure([true, true], [1, 2], [2, 1]));
        Assert.Equal(100, AucLoss.Measure([true, false], [2, 1], [1, 2])!.Points);
    }
}
