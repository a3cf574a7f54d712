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
        ParityCheck.Require(report);
    }

    [Fact]
    public void Require_OtherLabel_ParityFailed()
    {
        ParityReport report = ParityCheck.Compare(Trainer, Trainer with { Labels = [0, 0] });

        Assert.Equal(1, report.LabelDisagreements);
        Assert.Equal(TrainingFault.ParityFailed, Assert.Throws<TrainingException>(() => ParityCheck.Require(report)).Fault);
    }

    [Fact]
    public void Require_ProbabilityTooFarOff_ParityFailed()
    {
        ParityReport report = ParityCheck.Compare(Trainer, Trainer with { Values = [0.25f, 0.75f, 0.50001f, 0.5f] });

        Assert.Equal(TrainingFault.ParityFailed, Assert.Throws<TrainingException>(() => ParityCheck.Require(report)).Fault);
    }

    [Fact]
    public void Require_ProbabilityIsNaN_ParityFailed()
    {
        ParityReport report = ParityCheck.Compare(Trainer, Trainer with { Values = [0.25f, float.NaN, 0.5f, 0.5f] });

        Assert.Equal(TrainingFault.ParityFailed, Assert.Throws<TrainingException>(() => ParityCheck.Require(report)).Fault);
    }

    [Fact]
    public void Compare_OtherLabelWhereTheTrainerTies_IsNoDisagreement() =>
        Assert.Equal(0, ParityCheck.Compare(Trainer, Trainer with { Labels = [1, 1] }).LabelDisagreements);
}
