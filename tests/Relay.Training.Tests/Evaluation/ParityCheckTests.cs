using Relay.Training.Evaluation;
using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Evaluation;

public sealed class ParityCheckTests
{
    private static readonly Predictions Trainer = new(2, [0.25f, 0.75f, 0.5f, 0.5f], [1, 0]);

    [Fact]
    public void Compare_SameAnswers_NothingDiffers()
    {
        ParityReport report = ParityCheck.Compare(Trainer, Trainer);

        Assert.Equal(new ParityReport(2, 0, 0), report);
        Assert.Null(ParityCheck.FindError(report, ParityCheck.ToleranceOf(Trainer)));
    }

    [Fact]
    public void FindError_OtherLabel_SaysSo()
    {
        ParityReport report = ParityCheck.Compare(Trainer, Trainer with { Labels = [0, 0] });

        Assert.Equal(1, report.LabelDisagreements);
        Assert.NotNull(ParityCheck.FindError(report, ParityCheck.ToleranceOf(Trainer)));
    }

    [Fact]
    public void FindError_ProbabilityTooFarOff_SaysSo()
    {
        ParityReport report = ParityCheck.Compare(Trainer, Trainer with { Values = [0.25f, 0.75f, 0.50001f, 0.5f] });

        Assert.NotNull(ParityCheck.FindError(report, ParityCheck.ToleranceOf(Trainer)));
    }

    [Fact]
    public void FindError_ProbabilityIsNaN_SaysSo()
    {
        ParityReport report = ParityCheck.Compare(Trainer, Trainer with { Values = [0.25f, float.NaN, 0.5f, 0.5f] });

        Assert.NotNull(ParityCheck.FindError(report, ParityCheck.ToleranceOf(Trainer)));
    }

    [Fact]
    public void Compare_OtherLabelWhereTheTrainerTies_IsNoDisagreement() =>
        Assert.Equal(0, ParityCheck.Compare(Trainer, Trainer with { Labels = [1, 1] }).LabelDisagreements);
}
