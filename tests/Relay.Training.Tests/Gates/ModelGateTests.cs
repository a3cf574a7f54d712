using Relay.Training.Engines.MlNet;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Gates;

public sealed class ModelGateTests
{
    [Fact]
    public void Run_ClassThatIsNeverFound_ClassRecallFails()
    {
        GateData data =
            new() { Model = GateData.Spec with { Weights = new WeightSpec { Classes = new Dictionary<string, double> { ["flood"] = 1e-6 } } } };

        GateResult result = data.Ask("class-recall");

        Assert.Equal((GateVerdict.Fail, 0d), (result.Verdict, result.Figure));
        Assert.Contains("'flood'", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.005, GateVerdict.Fail)]
    [InlineData(0.9, GateVerdict.Pass)]
    public void Run_FalseAlarms_FailWhereTheWorstGroupIsAboveTheBoundOfTheSpec(double bound, GateVerdict verdict)
    {
        Dictionary<string, double> weights = new() { [GateData.Fine] = 0.02 };
        GateBounds bounds = new() { Warn = bound, Fail = bound };
        ModelSpec spec = GateData.Spec with { Weights = new WeightSpec { Classes = weights }, Fairness = ["protocol"] };
        GateData data = new() { Model = spec with { Gates = new Dictionary<string, GateBounds> { ["false-alarms"] = bounds } } };

        GateResult result = data.Ask("false-alarms");

        Assert.Equal(verdict, result.Verdict);
        Assert.InRange(result.Figure!.Value, 0.005, 0.9);
        Assert.Contains("of 4 groups", result.Detail, StringComparison.Ordinal);
        Assert.Equal(GateVerdict.Pass, new GateData().Ask("false-alarms").Verdict);
        Assert.Equal(GateVerdict.NotApplicable, new GateData { Model = spec with { Label = new LabelSpec() } }.Ask("false-alarms").Verdict);
    }

    [Theory]
    [InlineData(0.98, GateVerdict.Fail)]
    [InlineData(0.5, GateVerdict.Pass)]
    public void Run_ClassPrecision_FailsWhereAnAnswerIsTooSeldomTrue(double bound, GateVerdict verdict)
    {
        Dictionary<string, double> weights = new() { ["flood"] = 30 };
        GateBounds bounds = new() { Warn = bound, Fail = bound };
        ModelSpec spec = GateData.Spec with { Weights = new WeightSpec { Classes = weights } };

        GateResult result = new GateData { Model = spec with { Gates = new Dictionary<string, GateBounds> { ["class-precision"] = bounds } } }
            .Ask("class-precision");

        Assert.Equal(verdict, result.Verdict);
        Assert.Contains("'flood'", result.Detail, StringComparison.Ordinal);
        Assert.Equal(GateVerdict.Pass, new GateData { Model = spec }.Ask("class-precision").Verdict);
    }

    [Fact]
    public void Run_OneLabelForAllRows_SingleClassFails()
    {
        Dictionary<string, double> weights = new() { ["flood"] = 1e-6, ["scan"] = 1e-6 };

        GateResult result = new GateData { Model = GateData.Spec with { Weights = new WeightSpec { Classes = weights } } }.Ask("single-class");

        Assert.Equal((GateVerdict.Fail, 1d), (result.Verdict, result.Figure));
    }

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelAlgorithm.RandomForest)]
    public void Run_MlNet_ItsOwnConverterAgreesOnEveryHeldOutRow(ModelAlgorithm algorithm)
    {
        GateData data = new()
        {
            Model = GateData.Spec with
            {
                Engine = MlNetEngine.EngineName,
                Algorithm = algorithm,
                Parameters = new ModelParameters { Trees = 4 }
            }
        };

        GateResult result = data.Ask("converter-agreement");

        Assert.Equal(GateVerdict.Pass, result.Verdict);
        Assert.InRange(result.Figure!.Value, 0, 1e-4);
    }

    [Fact]
    public void Run_SlicesByACategory_TheWorstIsNamed()
    {
        GateBounds bounds = new() { Columns = ["protocol"], Warn = 0.01, Fail = 0.02 };
        GateData data = new()
        {
            Model = GateData.Spec with { Gates = new Dictionary<string, GateBounds> { ["slices"] = bounds } },
        };

        GateResult result = data.Ask("slices");

        Assert.NotEqual(GateVerdict.NotApplicable, result.Verdict);
        Assert.Contains("protocol is", result.Detail, StringComparison.Ordinal);
        Assert.Equal(GateVerdict.NotApplicable, new GateData().Ask("slices").Verdict);
    }

    [Fact]
    public void Run_SlicesAgainstAnIncumbentThatKnewOneOfThem_Fails()
    {
        IncumbentModel incumbent = new GateData().Incumbent();
        GateData worse = new()
        {
            Model = GateData.Spec with
            {
                Gates = new Dictionary<string, GateBounds>
                {
                    ["slices"] = new() { Columns = ["rate"] },
                    ["label-disagreement"] = new() { Fail = 1 },
                    ["conflicting-labels"] = new() { Fail = 1 },
                },
            },
            Label = (row, label) => label == "scan" && row % 10 != 0 ? "flood" : label,
        };

        GateResult result = worse.Ask("slices", incumbent);

        Assert.Equal(GateVerdict.Fail, result.Verdict);
        Assert.Contains("rate is", result.Detail, StringComparison.Ordinal);
    }
}
