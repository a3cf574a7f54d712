using Shared.Contracts.Models;

namespace Relay.Training.Tests.Gates;

/// <summary>A new model against the version that it would replace, on the same held-out rows.</summary>
public sealed class IncumbentGateTests
{
    private static readonly GateData Sound = new();
    private static readonly IncumbentModel Incumbent = Sound.Incumbent();

    [Fact]
    public void Run_OtherRowsOfTheSameKind_NoGateFails()
    {
        IReadOnlyList<GateResult> gates = (Sound with { Seed = 5 }).Gates(Incumbent);

        Assert.All(gates, g => Assert.True(g.Verdict is not GateVerdict.Fail, $"{g.Name}: {g.Detail}"));
        Assert.All(
            gates.Where(g => g.Name is "incumbent-macro-f1" or "incumbent-log-loss" or "incumbent-auc" or "incumbent-class-recall"),
            g => Assert.True(g.Figure >= g.Interval!.Low - 0.05 && g.Figure <= g.Interval.High + 0.05, g.Detail));
    }

    [Fact]
    public void Run_TheSameRows_NothingFell()
    {
        IReadOnlyList<GateResult> gates = Sound.Gates(Incumbent);

        foreach (string gate in (string[])["incumbent-macro-f1", "incumbent-log-loss", "incumbent-auc", "label-disagreement", "class-set"])
        {
            GateResult result = gates.Single(g => g.Name == gate);
            Assert.Equal(GateVerdict.Pass, result.Verdict);

            // The exponentials of the trainer and of ONNX Runtime differ in the last bit.
            Assert.InRange(result.Figure!.Value, -1e-6, 1e-6);
        }
    }

    [Fact]
    public void Run_NoIncumbent_NotApplicable() => Assert.All(
        Sound.Gates().Where(g => g.Name.StartsWith("incumbent-", StringComparison.Ordinal)),
        g => Assert.Equal(GateVerdict.NotApplicable, g.Verdict));

    [Fact]
    [Trait("Attack", "flipped-training-labels")]
    public void Run_FlippedLabels_LogLossAndDisagreementFail()
    {
        IReadOnlyList<GateResult> gates = (Sound with { Label = (row, label) => row % 8 == 0 ? Next(label) : label }).Gates(Incumbent);

        GateResult disagreement = gates.Single(g => g.Name == "label-disagreement");
        Assert.Equal(GateVerdict.Fail, disagreement.Verdict);
        Assert.InRange(disagreement.Figure!.Value, 0.08, 0.14);
    }

    [Fact]
    [Trait("Attack", "flipped-training-labels")]
    public void Run_FivePercentOfLabelsFlipped_DisagreementFailsAndItsFigureIsThatShare()
    {
        GateData flipped = Sound with { Seed = 5, Train = 10_000, Label = (row, label) => row % 20 == 0 ? Next(label) : label };

        GateResult result = flipped.Ask("label-disagreement", Incumbent);

        Assert.Equal(GateVerdict.Fail, result.Verdict);
        Assert.InRange(result.Figure!.Value, 0.04, 0.06);
        Assert.True(result.Interval!.Low > result.Bound, result.Detail);
    }

    [Fact]
    [Trait("Attack", "flipped-training-labels")]
    public void Run_FlippedLabelsThatTheDisagreementLetsPass_LogLossRisesAndMacroF1HardlyMoves()
    {
        GateData flipped = Sound with
        {
            Model = GateData.Spec with { Gates = new Dictionary<string, GateBounds> { ["label-disagreement"] = new() { Fail = 1 } } },
            Label = (row, label) => row % 10 == 0 ? Next(label) : label,
        };

        IReadOnlyList<GateResult> gates = flipped.Gates(Incumbent);

        Assert.Equal(GateVerdict.Fail, gates.Single(g => g.Name == "incumbent-log-loss").Verdict);
        Assert.InRange(gates.Single(g => g.Name == "incumbent-macro-f1").Figure!.Value, -0.02, 0.02);
    }

    [Fact]
    public void Run_ClassGone_ClassSetFailsAndSaysWhich()
    {
        GateData two = Sound with { Label = (_, label) => label == "scan" ? "flood" : label, Test = 0 };
        TrainingJob job = two.Job(Incumbent);
        DataOrigin.Rows rows = (DataOrigin.Rows)job.Data;

        GateResult result = GateData.Gates(job with { Data = rows with { Test = rows.Train } }).Single(g => g.Name == "class-set");

        Assert.Equal((GateVerdict.Fail, 1d), (result.Verdict, result.Figure));
        Assert.Contains("'scan'", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TwoOfFourClassesGone_ClassSetFailsAndSaysWhich()
    {
        IncumbentModel four = (Sound with { Label = (row, label) => label == "scan" && row % 2 == 0 ? "probe" : label }).Incumbent();
        GateData two = Sound with { Label = (_, label) => label == "scan" ? "flood" : label, Test = 0 };
        TrainingJob job = two.Job(four);
        DataOrigin.Rows rows = (DataOrigin.Rows)job.Data;

        GateResult result = GateData.Gates(job with { Data = rows with { Test = rows.Train } }).Single(g => g.Name == "class-set");

        Assert.Equal((GateVerdict.Fail, 2d), (result.Verdict, result.Figure));
        Assert.Contains("2 of the 4 classes", result.Detail, StringComparison.Ordinal);
        Assert.All(["'probe'", "'scan'"], gone => Assert.Contains(gone, result.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_RecallOfOneClassCollapses_ThatClassIsNamed()
    {
        // Most rows of one class are called another, so that means over the classes hide it.
        GateData collapsed = Sound with
        {
            Model = GateData.Spec with { Gates = new Dictionary<string, GateBounds> { ["label-disagreement"] = new() { Fail = 1 } } },
            Label = (row, label) => label == "scan" && row % 10 != 0 ? "flood" : label,
        };

        GateResult result = collapsed.Ask("incumbent-class-recall", Incumbent);

        Assert.Equal(GateVerdict.Fail, result.Verdict);
        Assert.Contains("'scan'", result.Detail, StringComparison.Ordinal);
        Assert.True(result.Interval!.Low > 0.1);
    }

    [Fact]
    public void Run_FewHeldOutRows_TheFallIsCalledNoise()
    {
        GateData few = Sound with
        {
            Model = GateData.Spec with
            {
                Parameters = new ModelParameters { Trees = 1, Depth = 1 },
                Gates = new Dictionary<string, GateBounds> { ["incumbent-log-loss"] = new() { Fail = 1000 } },
            },
            Test = 3,
        };

        GateResult result = few.Ask("incumbent-class-recall", Incumbent);

        Assert.NotEqual(GateVerdict.Fail, result.Verdict);
        Assert.True(result.Interval!.Low <= 0.1);
    }

    [Fact]
    public void Run_IncumbentReadsAColumnThatIsGone_NotApplicableAndSaysWhich()
    {
        ModelSpec spec = GateData.Spec with { Columns = [.. GateData.Spec.Columns.Where(c => c.Name != "rate"), new("rate", ColumnType.Ignore)] };
        using Data.CsvFolder folder = new();
        string[] rows = [.. Enumerable.Range(0, 400).Select(i => $"{i * 17 % 401},tcp,{i * 31 % 50},{(i * 17 % 401 > 200 ? "fine" : "flood")},0")];
        string file = folder.Write("rows.csv", ["bytes,protocol,extra,verdict,rate", .. rows]);

        TrainingJob job = new(spec, 2, new DataOrigin.Files(file, null))
        {
            Incumbent = Incumbent,
            Accepted = new Dictionary<string, string> { ["class-set"] = "scan is gone" },
        };
        GateResult result = GateData.Gates(job).Single(g => g.Name == "incumbent-macro-f1");

        Assert.Equal(GateVerdict.NotApplicable, result.Verdict);
        Assert.Contains("'rate'", result.Detail, StringComparison.Ordinal);
    }

    private static string Next(string label) => label switch { "fine" => "flood", "flood" => "scan", _ => "fine" };
}
