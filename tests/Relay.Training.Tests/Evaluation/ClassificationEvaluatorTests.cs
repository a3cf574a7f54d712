using Relay.Training.Evaluation;
using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Evaluation;

public sealed class ClassificationEvaluatorTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    // Truth a a a b b; predicted a a b b a; class c is neither there nor predicted.
    private static readonly int[] Truth = [0, 0, 0, 1, 1];
    private static readonly Predictions Given = new(
        3, [0.7f, 0.2f, 0.1f, 0.6f, 0.4f, 0f, 0.25f, 0.75f, 0f, 0.25f, 0.75f, 0f, 0.5f, 0.5f, 0f], [0, 0, 1, 1, 0]);

    [Fact]
    public void Evaluate_FiveRows_CountsByHand()
    {
        ClassificationMetrics metrics = ClassificationEvaluator.Evaluate(Given, Truth, Names);

        Assert.Equal(5, metrics.Rows);
        Assert.Equal(3.0 / 5, metrics.Accuracy, 12);
        Assert.Equal(new ClassMetrics("a", 3, 2.0 / 3, 2.0 / 3, 2.0 / 3, 1.0 / 2), metrics.Classes[0]);
        Assert.Equal(new ClassMetrics("b", 2, 1.0 / 2, 1.0 / 2, 1.0 / 2, 1.0 / 3), metrics.Classes[1]);
        Assert.Equal(new ClassMetrics("c", 0, 0, 0, 0, 0), metrics.Classes[2]);
    }

    [Fact]
    public void Evaluate_ClassThatDoesNotOccur_IsNotInTheMean() =>
        Assert.Equal(((2.0 / 3) + (1.0 / 2)) / 2, ClassificationEvaluator.Evaluate(Given, Truth, Names).MacroF1, 12);

    [Fact]
    public void Evaluate_FiveRows_LogLossByHand()
    {
        double expected = -(Math.Log(0.7f) + Math.Log(0.6f) + Math.Log(0.25) + Math.Log(0.75) + Math.Log(0.5)) / 5;

        Assert.Equal(expected, ClassificationEvaluator.Evaluate(Given, Truth, Names).LogLoss, 12);
    }

    [Fact]
    public void Evaluate_ProbabilityZero_LogLossIsClipped()
    {
        Predictions sure = new(2, [1f, 0f], [0]);

        Assert.Equal(-Math.Log(1e-15), ClassificationEvaluator.Evaluate(sure, [1], ["a", "b"]).LogLoss, 9);
    }

    [Fact]
    public void Evaluate_Ties_AucCountsThemHalf()
    {
        // Class a: positives score .7 .6 .25, negatives .25 .5: five pairs won of six, one of them a tie, .25 against .5 lost.
        // Class b: positives .75 .5, negatives .2 .4 .75: 3 won, 1 tie, .5 against .75 lost: 2+.5 and 2.
        double a = (2 + 2 + 0.5) / 6;
        double b = (2.5 + 2) / 6;

        Assert.Equal((a + b) / 2, ClassificationEvaluator.Evaluate(Given, Truth, Names).MacroAuc, 12);
    }

    [Fact]
    public void Evaluate_NoRows_Throws() =>
        Assert.Throws<ArgumentException>(() => ClassificationEvaluator.Evaluate(new Predictions(2, [], []), [], ["a", "b"]));

    [Fact]
    public void Area_AllScoresEqual_Half() => Assert.Equal(0.5, RocCurve.Area([1, 1, 1], [true, false, true]));

    [Fact]
    public void Area_OneKindOfRow_Null() => Assert.Null(RocCurve.Area([1, 2], [true, true]));

    [Fact]
    public void Area_RandomRows_SameAsCountingPairs()
    {
        Random random = new(5);
        float[] scores = [.. Enumerable.Range(0, 400).Select(_ => random.Next(20) / 20f)];
        bool[] isPositive = [.. Enumerable.Range(0, 400).Select(_ => random.Next(3) == 0)];
        double won = 0;
        long pairs = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            for (int j = 0; j < scores.Length; j++)
            {
                if (isPositive[i] && !isPositive[j])
                {
                    pairs++;
                    won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        Assert.Equal(won / pairs, RocCurve.Area(scores, isPositive)!.Value, 12);
    }
}
