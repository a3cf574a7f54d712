using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Evaluation;
using Relay.Training.Export;
using Relay.Training.Gates;
using Relay.Training.Gates.Quality;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Gates;

/// <summary>Gates on answers that are made up: rare classes beside bad ones, and groups of every kind of column.</summary>
public sealed class QualityGateTests
{
    private static readonly GateBounds Half = new() { Warn = 0.5, Fail = 0.5 };

    [Fact]
    public void BudgetLoss_TheOnlyRowOfAClassIsLost_WarnsBecauseItMayBeChance()
    {
        Row[] rows = [.. Rows(500, "fine", "fine"), .. Rows(300, "flood", "flood"), .. Rows(1, "scan", "flood")];

        GateResult result = Lose(rows);

        Assert.Equal(GateVerdict.Warn, result.Verdict);
        Assert.InRange(result.Figure!.Value, 33, 34);
        Assert.Equal(0, result.Interval!.Low);
    }

    [Fact]
    public void BudgetLoss_ManyRowsOfAClassAreLost_Fails()
    {
        Row[] rows = [.. Rows(500, "fine", "fine"), .. Rows(300, "flood", "flood"), .. Rows(30, "scan", "flood")];

        GateResult result = Lose(rows);

        Assert.Equal(GateVerdict.Fail, result.Verdict);
        Assert.True(result.Interval!.Low > 30, result.Detail);
    }

    [Fact]
    public void BudgetLoss_ImportOfASpecWithABudget_SaysThatNothingWasSearched()
    {
        ModelSpec spec = GateData.Spec with { Budget = new BudgetSpec { MaxQualityLoss = 1 } };

        GateResult import = new BudgetLossGate().Check(Context(spec, Rows(9, "fine", "fine")));

        Assert.Equal((GateVerdict.NotApplicable, "an import is not searched for a budget: there is no full model"), (import.Verdict, import.Detail));
    }

    [Fact]
    public void ClassPrecision_ARareAnswerBesideABadOne_TheBadOneFails()
    {
        Row[] rows =
        [
            .. Rows(500, "fine", "fine"), .. Rows(10, "flood", "flood"), .. Rows(990, "fine", "flood"), .. Rows(1, "fine", "scan"),
            .. Rows(9, "scan", "fine"),
        ];

        GateResult result = new ClassPrecisionGate().Check(Context(Bounded("class-precision"), rows));

        Assert.Equal((GateVerdict.Fail, 0.01), (result.Verdict, result.Figure));
        Assert.Contains("'flood'", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassRecall_ARareClassBesideABadOne_TheBadOneFails()
    {
        Row[] rows =
        [
            .. Rows(500, "fine", "fine"), .. Rows(10, "flood", "flood"), .. Rows(990, "flood", "fine"), .. Rows(1, "scan", "fine"),
        ];

        GateResult result = new ClassRecallGate().Check(Context(Bounded("class-recall"), rows));

        Assert.Equal((GateVerdict.Fail, 0.01), (result.Verdict, result.Figure));
        Assert.Contains("'flood'", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassRecall_OnlyARareClassIsMissed_Warns()
    {
        GateResult result = new ClassRecallGate().Check(Context(Bounded("class-recall"), [.. Rows(500, "fine", "fine"), .. Rows(1, "scan", "fine")]));

        Assert.Equal((GateVerdict.Warn, 0d), (result.Verdict, result.Figure));
    }

    [Theory]
    [InlineData(7f, " where rate is 7 ")]
    [InlineData(float.NaN, " where rate is missing ")]
    public void FalseAlarms_OneGroupOfANumberOrWithoutAValue_Fails(float rate, string part)
    {
        ModelSpec spec = Bounded("false-alarms") with { Fairness = ["rate"] };
        Row[] rows =
        [
            .. Rows(5000, "fine", "fine"), .. Rows(20, "fine", "fine", rate), .. Rows(180, "fine", "scan", rate), .. Rows(9, "scan", "scan"),
        ];

        GateResult result = new FalseAlarmsGate().Check(Context(spec, rows));

        Assert.Equal((GateVerdict.Fail, 0.9), (result.Verdict, result.Figure));
        Assert.Contains(part, result.Detail, StringComparison.Ordinal);
        Assert.Contains("of 3 groups", result.Detail, StringComparison.Ordinal);
    }

    private static ModelSpec Bounded(string gate) => GateData.Spec with { Gates = new Dictionary<string, GateBounds> { [gate] = Half } };

    private static Row[] Rows(int count, string truth, string answer, float rate = 1) => [.. Enumerable.Repeat(new Row(truth, answer, rate), count)];

    // Against a full model that is always right.
    private static GateResult Lose(Row[] rows)
    {
        GateContext context = Context(GateData.Spec with { Budget = new BudgetSpec { MaxQualityLoss = 1 } }, rows);
        return new BudgetLossGate().Check(context with { FullAnswers = context.Candidate!.Answers with { Labels = context.Data.Test.Labels } });
    }

    private static GateContext Context(ModelSpec spec, Row[] rows)
    {
        using DataSetBuilder builder = new(spec, "rows");
        foreach (Row row in rows)
        {
            builder.Add([1f, "tcp", float.IsNaN(row.Rate) ? null : row.Rate, 1f], row.Truth);
        }

        DataSet test = builder.Build(null);
        int[] answers = [.. rows.Select(row => test.Classes.ToList().IndexOf(row.Answer))];
        float[] probabilities = [.. answers.SelectMany(answer => Enumerable.Range(0, test.Classes.Count).Select(k => k == answer ? 1f : 0f))];
        ClassificationMetrics metrics = new(rows.Length, 0, 0, 0, 0,
        [
            .. test.Classes.Select((name, k) => new ClassMetrics(
                name, test.Labels.Count(label => label == k), 0,
                (double)rows.Count(row => row.Truth == name && row.Answer == name) / test.Labels.Count(label => label == k), 0, 0)),
        ]);
        return new GateContext(spec, LoadedData.FromSplit(new DataSplit(test, test), spec), null)
        {
            Candidate = new Candidate(null!, new Predictions(test.Classes.Count, probabilities, answers), null!, metrics, null!, [], null!),
        };
    }

    private sealed record Row(string Truth, string Answer, float Rate);
}
