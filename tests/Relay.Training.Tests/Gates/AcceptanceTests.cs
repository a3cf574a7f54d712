using Relay.Training.Gates;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Gates;

public sealed class AcceptanceTests
{
    private static readonly GateData Numbered = new() { Extra = (row, _) => row };

    [Fact]
    public void Run_FailedGate_NoModelAndTheReasonsAreToldTogether()
    {
        TrainingException refused = Assert.Throws<TrainingException>(
            () => TrainingPipeline.CreateDefault().Run((Numbered with { Leaked = 600 }).Job()));

        Assert.Equal(TrainingFault.GateFailed, refused.Fault);
        Assert.Equal(["row-number", "shared-rows"], refused.Gates!.Where(g => g.Verdict is GateVerdict.Fail).Select(g => g.Name).Order());
        Assert.All(["row-number", "shared-rows"], gate => Assert.Contains(gate, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_AcceptedGate_StaysFailedAndShowsTheReason()
    {
        TrainedModel model = TrainingPipeline.CreateDefault().Run(Numbered.Job(null, ("row-number", "The column is a port.")));

        GateResult result = model.Card.Gates!.Single(g => g.Name == "row-number");
        Assert.Equal((GateVerdict.Fail, "The column is a port."), (result.Verdict, result.Accepted));
    }

    [Fact]
    public void Run_AnotherGateAccepted_IsRefused() => Assert.Equal(
        TrainingFault.GateFailed,
        Assert.Throws<TrainingException>(() => TrainingPipeline.CreateDefault().Run(Numbered.Job(null, ("shared-rows", "no")))).Fault);

    [Fact]
    public void Run_GateThatPasses_IsNotCalledAccepted()
    {
        TrainedModel model = TrainingPipeline.CreateDefault().Run(new GateData().Job(null, ("row-number", "In case.")));

        Assert.All(model.Card.Gates!, g => Assert.Null(g.Accepted));
    }

    [Theory]
    [InlineData("row-numbers", "a reason")]
    [InlineData("", "a reason")]
    [InlineData("parity", "a reason")]
    [InlineData("golden-vectors", "a reason")]
    [InlineData("row-number", "")]
    [InlineData("row-number", " ")]
    [InlineData("row-number", "two\nlines")]
    [InlineData("row-number", "\u001b[2J")]
    public void FindError_UnknownOrProofOrNoReason_SaysWhy(string gate, string reason)
    {
        Assert.NotNull(GateAcceptances.FindError(gate, reason));
        Assert.Equal(
            TrainingFault.InvalidSpec,
            Assert.Throws<TrainingException>(() => TrainingPipeline.CreateDefault().Run(Numbered.Job(null, (gate, reason)))).Fault);
    }

    [Fact]
    public void FindError_LongReason_SaysHowLong() =>
        Assert.NotNull(GateAcceptances.FindError("row-number", new string('x', GateAcceptance.MaxReason + 1)));

    [Theory]
    [InlineData("row-numbers")]
    [InlineData("parity")]
    public void Run_SpecWithAGateThatIsNoneOrHasNoBounds_InvalidSpec(string gate)
    {
        GateData data = new() { Model = GateData.Spec with { Gates = new Dictionary<string, GateBounds> { [gate] = new() { Fail = 1 } } } };

        Assert.Equal(TrainingFault.InvalidSpec, Assert.Throws<TrainingException>(() => TrainingPipeline.CreateDefault().Run(data.Job())).Fault);
    }

    [Theory]
    [InlineData("file-size", 1000)]
    [InlineData("latency", 0.001)]
    [InlineData("class-recall", 1)]
    public void Run_BoundOfTheSpec_IsTheOneThatCounts(string gate, double bound)
    {
        GateData data = new() { Model = GateData.Spec with { Gates = new Dictionary<string, GateBounds> { [gate] = new() { Fail = bound } } } };

        GateResult result = data.Ask(gate);

        Assert.Equal((GateVerdict.Fail, bound), (result.Verdict, result.Bound));
        Assert.Equal(GateVerdict.Pass, new GateData().Ask(gate).Verdict);
    }

    [Fact]
    public void Catalog_EveryGate_HasANameOfItsOwnThatNodesCanRequire() => Assert.All(
        GateCatalog.All,
        gate => Assert.True(Shared.Contracts.RelayName.IsValid(gate.Name) && GateCatalog.All.Count(g => g.Name == gate.Name) == 1, gate.Name));
}
