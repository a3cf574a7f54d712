using Relay.TestKit;
using Relay.Training.Data.Tables;
using Relay.Training.Evaluation.Reports;
using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Evaluation.Reports;

public sealed class GroupFairnessTests
{
    private static readonly ModelSpec Spec = new()
    {
        Name = "loans",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.GradientBoosting,
        Columns = [new("income", ColumnType.Number), new("region", ColumnType.Ignore), new("noise", ColumnType.Ignore), new("paid", ColumnType.Label)],
        Fairness = ["region", "income"],
        Parameters = new ModelParameters { Trees = 4, Depth = 3 },
    };

    [Fact]
    public void Classes_ByHand()
    {
        FairnessReport report = GroupFairness.Measure(Spec, Answers([0, 1, 1, 0, 1]), Rows(["n", "n", "n", "s", ""], [0, 1, 0, 1, 1]))!.First();

        Assert.Equal("region", report.Column);
        Assert.Equal([("n", false, 3L), ("s", false, 1L), (null, true, 1L)], report.Groups.Select(g => (g.Value, g.IsMissing, g.Rows)));
        FairnessGroup north = report.Groups[0];
        Assert.Equal(2.0 / 3, north.Accuracy!.Figure, 12);
        Assert.True(north.Accuracy.Low < 2.0 / 3 && north.Accuracy.High > 2.0 / 3);
        GroupClass yes = north.Classes!.Single(c => c.Name == "yes");
        Assert.Equal((1L, 1.0, 0.5), (yes.Support, yes.Recall!.Figure, yes.FalsePositiveRate!.Figure));
        Assert.Null(report.Groups[1].Classes!.Single(c => c.Name == "yes").FalsePositiveRate);
    }

    [Fact]
    public void Groups_MoreThanTwelve_TheSmallestAreTogether()
    {
        string[] regions = [.. Enumerable.Range(0, 400).Select(i => $"r{(int)Math.Sqrt(i):d2}")];

        FairnessReport report = GroupFairness.Measure(Spec, Answers(new int[400]), Rows(regions, new int[400]))!.First();

        Assert.Equal(13, report.Groups.Count);
        Assert.Null(report.Groups[12].Value);
        Assert.False(report.Groups[12].IsMissing);
        Assert.Equal(400, report.Groups.Sum(g => g.Rows));
        Assert.Equal("r19", report.Groups[0].Value);
    }

    [Fact]
    public void Regression_GroupThatIsOverestimated_HasABiasAboveZero()
    {
        DataSet heldOut = Rows(["n", "n", "s", "s"], new int[4]) with { Classes = [], Targets = [1, 2, 1, 2] };

        FairnessReport report = GroupFairness.Measure(Spec, new Predictions(1, [1, 2, 3, 4], []), heldOut)!.First();

        Assert.Equal((0.0, 2.0), (report.Groups[0].Bias!.Figure, report.Groups[1].Bias!.Figure));
        Assert.Equal(2, report.Groups[1].Mae!.Figure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_ColumnThatTheModelDoesNotRead_IsInTheCardAndChangesNoByte(bool hasTestFile)
    {
        using TemporaryFolder folder = new();
        string[] lines = ["income,region,noise,paid", .. Enumerable.Range(0, 400).Select(i => $"{(i * 37 % 101) + (i % 7 * 0.25)},{(i % 3 == 0 ? "n" : "s")},x{i},{(i * 37 % 101 > 50 ? "yes" : "no")}")];
        File.WriteAllLines(folder.Combine("train.csv"), lines);
        DataOrigin.Files files = new(folder.Combine("train.csv"), hasTestFile ? folder.Combine("train.csv") : null);
        ModelSpec spec = Spec with { Gates = new Dictionary<string, GateBounds> { ["shared-rows"] = new() { Fail = 1 }, ["label-column"] = new() { Fail = 2 } } };

        TrainedModel model = TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, files));
        TrainedModel without = TrainingPipeline.CreateDefault().Run(new TrainingJob(spec with { Fairness = null }, 1, files));

        Assert.Equal(without.Artifact, model.Artifact);
        Assert.Null(without.Card.Evaluation!.Fairness);
        Assert.Equal(["region", "income"], model.Card.Evaluation!.Fairness!.Select(f => f.Column));
        Assert.Equal(model.Card.Test.Rows, model.Card.Evaluation.Fairness![0].Groups.Sum(g => g.Rows));
        Assert.Equal(["s", "n"], model.Card.Evaluation.Fairness[0].Groups.Select(g => g.Value));
        Assert.Equal(4, model.Card.Evaluation.Fairness[1].Groups.Count);
    }

    private static Predictions Answers(int[] labels) => new(2, [.. labels.SelectMany(l => l == 1 ? (float[])[0.2f, 0.8f] : [0.8f, 0.2f])], labels);

    private static DataSet Rows(string[] regions, int[] labels)
    {
        string[] texts = [.. regions.Where(r => r.Length > 0).Distinct()];
        Dictionary<string, long> rows = new() { ["no"] = labels.LongCount(l => l == 0), ["yes"] = labels.LongCount(l => l == 1) };
        return new DataSet([new NumberColumn("income", [.. labels.Select(l => l * 1f)])], labels, ["no", "yes"], new DataSummary("rows", "00", labels.Length, rows))
        {
            Groups = [new CategoryColumn("region", [.. regions.Select(r => Array.IndexOf(texts, r))], texts)],
        };
    }
}
