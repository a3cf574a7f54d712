using Relay.Training.Evaluation;
using Relay.Training.Export;
using Relay.Training.Models;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Evaluation;

public sealed class TaskEvaluatorTests
{
    [Fact]
    public void Regression_ByHand()
    {
        RegressionMetrics metrics = RegressionEvaluator.Evaluate(new Predictions(1, [1, 2, 6], []), [1, 4, 7]);

        Assert.Equal(Math.Sqrt(5.0 / 3), metrics.Rmse, 12);
        Assert.Equal(1, metrics.Mae, 12);
        Assert.Equal(1 - (5.0 / 18), metrics.R2!.Value, 12);
    }

    [Fact]
    public void Regression_OneTruth_HasNoR2() => Assert.Null(RegressionEvaluator.Evaluate(new Predictions(1, [1, 2], []), [3, 3]).R2);

    [Fact]
    public void Anomaly_ByHand()
    {
        Predictions scores = new(1, [-0.8f, -0.4f, -0.7f, -0.6f], [1, 0, 1, 0]) { Offset = -0.65f };

        AnomalyMetrics metrics = AnomalyEvaluator.Evaluate(scores, [1, 0, 0, 1]);

        // Of the pairs of an anomaly and an ordinary row, three of four have the anomaly lower.
        Assert.Equal(new AnomalyMetrics(4, 0.5, -0.65f, 0.75, 0.5, 0.5), metrics);
    }

    [Fact]
    public void Anomaly_NothingKnown_OnlyTheShare()
    {
        Predictions scores = new(1, [-0.8f, -0.4f], [1, 0]) { Offset = -0.5f };

        Assert.Equal(new AnomalyMetrics(2, 0.5, -0.5), AnomalyEvaluator.Evaluate(scores, null));
    }

    [Fact]
    public void Scaling_HeldOutRowsThatMoved_ShowHowFar()
    {
        float[][] train = [[1, 3, float.NaN], [7, 7, 7]];
        ColumnScaler scaler = ColumnScaler.Fit(train, _ => true);

        ScalingMetrics metrics = ScalingEvaluator.Evaluate(scaler, train, [[4, 6, float.NaN], [7, 7, 7]]);

        Assert.Equal(new ScalingMetrics(3, 0, 0, 3, 0, 1), metrics);
    }

    [Fact]
    public void Scaler_MeanDeviationConstantAndMissing()
    {
        ColumnScaler scaler = ColumnScaler.Fit([[2, 4, float.NaN, 6], [5, 5, 5, 5], [9, 8, 7, 6]], c => c < 2);

        Assert.Equal([4, 5, 0], scaler.Offset);
        Assert.Equal([(float)(1 / Math.Sqrt(8.0 / 3)), 1, 1], scaler.Scale);
        Assert.Equal([false, true, false], scaler.IsConstant);
        Assert.Equal([0, float.NaN], scaler.Apply([[4, float.NaN], [5, 5], [1, 1]])[0]);
    }

    [Fact]
    public void Parity_ScoreAtTheOffset_EitherLabelIsRight()
    {
        Predictions trainer = new(1, [-0.5f, -0.7f], [0, 1]) { Offset = -0.5f };

        Assert.Equal(0, ParityCheck.Compare(trainer, trainer with { Labels = [1, 1] }).LabelDisagreements);
        Assert.Equal(1, ParityCheck.Compare(trainer, trainer with { Labels = [0, 0] }).LabelDisagreements);
    }

    [Fact]
    public void Parity_MissingStaysMissing_NoDifference()
    {
        Predictions scaled = new(2, [float.NaN, 1], []);

        Assert.Equal(new ParityReport(1, 0, 0), ParityCheck.Compare(scaled, scaled with { Values = [float.NaN, 1] }));
        Assert.Equal(double.PositiveInfinity, ParityCheck.Compare(scaled, scaled with { Values = [0, 1] }).MaxAbsDiff);
    }
}
