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
        Assert.All(Enumerable.Range(0, 30), seed =>
        {
            MacroF1Loss one = Part(seed);
            MacroF1Loss other = Part(seed + 1);
            one.Add(Part(seed + 1));
            other.Add(Part(seed));

            Assert.Equal(one.Measure(), other.Measure());
        });

        static MacroF1Loss Part(int seed)
        {
            Random random = new(seed);
            MacroF1Loss loss = new(9);
            for (int i = 0; i < 200; i++)
            {
                loss.Add(random.Next(9), random.Next(9), random.Next(9));
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
            // Squared errors of .42 and 2, which are 1.21 on average.
            loss = loss.Add(truth: row, full: row + 1, small: row + (row % 2 == 0 ? Math.Sqrt(0.42) : -Math.Sqrt(2)));
        }

        LossEstimate found = loss.Measure();

        Assert.Equal((1, 1.1, 10), (found.Full, Math.Round(found.Quality, 9), Math.Round(found.Points, 6)));
        Assert.InRange(found.Points, found.Interval.Low - 1e-9, found.Interval.High + 1e-9);
        Assert.True(found.Interval.High - found.Interval.Low > 0.1, "the errors of the smaller model vary");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void MeanRise_Interval_IsCloseToThatOfABootstrap(double floor)
    {
        Random random = new(6);
        double[] before = [.. Enumerable.Range(0, 1200).Select(_ => -Math.Log(1 - random.NextDouble()))];
        double[] after = [.. before.Select(b => (1.5 * b) + (0.3 * random.NextDouble()))];

        (double was, double share, GateInterval interval) = MeanRise.Measure(before, after, floor);

        double[] resampled =
        [
            .. Enumerable.Range(0, 600).Select(_ =>
            {
                int[] rows = [.. before.Select(_ => random.Next(before.Length))];
                double own = rows.Average(row => before[row]);
                return (rows.Average(row => after[row]) - own) / Math.Max(own, floor);
            }).Order(),
        ];
        double width = resampled[584] - resampled[15];
        Assert.Equal(before.Average(), was, 1e-12);
        Assert.InRange(share, interval.Low, interval.High);
        Assert.Equal(width, interval.High - interval.Low, 0.15 * width);
        Assert.Equal(resampled[15], interval.Low, 0.2 * width);
    }

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    public void Error_Interval_IsCloseToThatOfABootstrap(double noise, double bias)
    {
        Random random = new(5);
        double Error() => (random.NextDouble() + random.NextDouble() - random.NextDouble() - random.NextDouble()) * (random.Next(20) == 0 ? 6 : 1);
        (double Full, double Small)[] errors =
            [.. Enumerable.Range(0, 1500).Select(_ => Error()).Select(full => (full, full + (noise * Error()) + bias))];

        GateInterval interval = errors.Aggregate(default(ErrorLoss), (sum, e) => sum.Add(0, e.Full, e.Small)).Measure().Interval;

        double[] resampled =
        [
            .. Enumerable.Range(0, 600).Select(_ =>
            {
                (double full, double small) = (0, 0);
                for (int i = 0; i < errors.Length; i++)
                {
                    (double ofFull, double ofSmall) = errors[random.Next(errors.Length)];
                    (full, small) = (full + (ofFull * ofFull), small + (ofSmall * ofSmall));
                }

                return 100 * (Math.Sqrt(small / full) - 1);
            }).Order(),
        ];
        double width = resampled[584] - resampled[15];
        Assert.Equal(width, interval.High - interval.Low, 0.15 * width);
        Assert.Equal(resampled[15], interval.Low, 0.15 * width);
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

    [Fact]
    public void Auc_SingleAnomalyThatIsLost_MayBeChance()
    {
        bool[] isAnomaly = [.. Enumerable.Range(0, 400).Select(row => row == 7)];
        float[] full = [.. Enumerable.Range(0, 400).Select(row => row == 7 ? 1000f : row)];
        float[] small = [.. Enumerable.Range(0, 400).Select(row => row == 7 ? 200.5f : row)];

        LossEstimate found = AucLoss.Measure(isAnomaly, full, small)!;

        Assert.InRange(found.Points, 45, 55);
        Assert.InRange(0, found.Interval.Low, found.Interval.High);
    }
}
