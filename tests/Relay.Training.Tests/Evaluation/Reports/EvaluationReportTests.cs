using Relay.Training.Evaluation;
using Relay.Training.Evaluation.Reports;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Evaluation.Reports;

public sealed class EvaluationReportTests
{
    [Fact]
    public void Curve_ByHand()
    {
        ClassCurve curve = CurveBuilder.Build("scan", [0.9f, 0.8f, 0.7f, 0.7f, 0.1f], [true, false, true, false, false])!;

        Assert.Equal((2L, 3L), (curve.Positives, curve.Negatives));
        Assert.Equal([0.9f, 0.8f, 0.7f, 0.1f], curve.Thresholds);
        Assert.Equal([1L, 1, 2, 2], curve.TruePositives);
        Assert.Equal([0L, 1, 2, 3], curve.FalsePositives);

        // Of six pairs, the first positive row wins three; the second wins one and draws one.
        Assert.Equal(4.5 / 6, curve.Auc, 12);
        Assert.Equal((1 + (2.0 / 4)) / 2, curve.AveragePrecision, 12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Curve_OneKindOfRow_IsNone(bool isPositive) => Assert.Null(CurveBuilder.Build("scan", [0.9f, 0.8f], [isPositive, isPositive]));

    [Fact]
    public void Curve_ManyRows_IsBoundedAndShowsTheBeginningOfARareClass()
    {
        Random random = new(7);
        bool[] isPositive = [.. Enumerable.Range(0, 100_000).Select(_ => random.Next(1000) == 0)];
        float[] scores = [.. isPositive.Select(p => (float)random.NextDouble() + (p ? 0.5f : 0))];
        double exact = RocCurve.Area([.. scores], [.. isPositive])!.Value;

        ClassCurve curve = CurveBuilder.Build("rare", scores, isPositive)!;

        Assert.InRange(curve.Thresholds.Count, 50, 100);
        Assert.Equal((curve.Positives, curve.Negatives), (curve.TruePositives[^1], curve.FalsePositives[^1]));
        Assert.Equal(exact, curve.Auc);
        Assert.InRange(Trapezoids(curve), exact - 0.01, exact + 0.01);
        Assert.True(curve.FalsePositives.Count(fp => fp < curve.Negatives / 100) >= 10, "The first percent of false positives shows.");
        Assert.Equal(curve.Thresholds.OrderDescending(), curve.Thresholds);
    }

    [Fact]
    public void Confusion_ByHand()
    {
        ConfusionCounts counts = new(["a", "b", "c"], [0, 0, 1, 2, 2], [0, 1, 1, 2, 0]);

        ConfusionMatrix matrix = counts.ToMatrix(counts.FindConfused());

        Assert.Equal(["a", "b", "c"], matrix.Classes);
        Assert.Equal([[1L, 1, 0], [0, 1, 0], [1, 0, 1]], matrix.Rows);
    }

    [Fact]
    public void Confusion_HundredsOfClasses_ShowsThoseWithMostErrorsAndAllRows()
    {
        string[] classes = [.. Enumerable.Range(0, 300).Select(k => $"c{k:d3}")];
        int[] truth = [.. Enumerable.Range(0, 3000).Select(row => row % 300)];
        int[] answers = [.. truth.Select((k, row) => k == 250 && row % 2 == 0 ? 17 : k)];

        ConfusionCounts counts = new(classes, truth, answers);
        ConfusionMatrix matrix = counts.ToMatrix(counts.FindConfused());

        Assert.Equal(ConfusionCounts.MaxShown, matrix.Classes.Count);
        Assert.Contains("c250", matrix.Classes);
        Assert.Contains("c017", matrix.Classes);
        Assert.Equal(ConfusionCounts.MaxShown + 1, matrix.Rows.Count);
        Assert.Equal(3000, matrix.Rows.Sum(row => row.Sum()));
    }

    [Fact]
    public void Calibration_ByHand()
    {
        Calibration calibration = CalibrationBins.Measure([0.95f, 0.91f, 0.55f, 1f], row => row != 1);

        Assert.Equal([1L, 3], calibration.Bins.Select(b => b.Rows));
        Assert.Equal(2.0 / 3, calibration.Bins[1].Observed, 12);
        double stated = (0.95f + 0.91f + (double)1f) / 3;
        Assert.Equal(stated, calibration.Bins[1].Stated, 6);
        Assert.Equal(((1 * 0.45) + (3 * Math.Abs(stated - (2.0 / 3)))) / 4, calibration.ExpectedError, 6);
    }

    [Fact]
    public void PredictionBins_EqualPredictions_AreInOneBin()
    {
        float[] predicted = [.. Enumerable.Repeat(1f, 30), .. Enumerable.Repeat(2f, 10)];

        IReadOnlyList<PredictionBin> bins = PredictionBins.Create(predicted, [.. predicted.Select(p => p + 1)]);

        Assert.Equal([new PredictionBin(30, 1, 2), new PredictionBin(10, 2, 3)], bins);
    }

    [Fact]
    public void PredictionBins_ManyRows_TwentyWithAllRows()
    {
        float[] predicted = [.. Enumerable.Range(0, 1001).Select(i => (float)i)];

        IReadOnlyList<PredictionBin> bins = PredictionBins.Create(predicted, predicted);

        Assert.Equal(20, bins.Count);
        Assert.Equal(1001, bins.Sum(b => b.Rows));
    }

    [Fact]
    public void Histogram_OneRowFarOff_DoesNotHideTheOthers()
    {
        float[] predicted = [.. Enumerable.Range(0, 999).Select(i => i / 1000f), 1e6f];

        ValueHistogram errors = Histograms.OfErrors(predicted, new float[1000]);

        Assert.InRange(errors.High, 0.9, 1);
        Assert.Equal(1000, errors.Rows.Sum());
        Assert.True(errors.Rows.Count(rows => rows > 10) > 30);
    }

    private static double Trapezoids(ClassCurve curve)
    {
        double area = 0;
        (double x, double y) = (0, 0);
        for (int i = 0; i < curve.Thresholds.Count; i++)
        {
            (double nextX, double nextY) = ((double)curve.FalsePositives[i] / curve.Negatives, (double)curve.TruePositives[i] / curve.Positives);
            area += (nextX - x) * (y + nextY) / 2;
            (x, y) = (nextX, nextY);
        }

        return area;
    }
}
