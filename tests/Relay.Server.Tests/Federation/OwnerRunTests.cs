using Relay.Server.Cli.Federate;
using Relay.Training;
using Relay.Training.Federated;

namespace Relay.Server.Tests.Federation;

/// <summary>Which reason an owner ends with, where the coordinator gives another.</summary>
public sealed class OwnerRunTests
{
    private static readonly RoundException Told = new(RoundFault.OwnerLeft, "told");

    /// <summary>A dishonest coordinator answers to what an owner found with a reason of its own.</summary>
    [Theory]
    [InlineData(RoundFault.BadSignature)]
    [InlineData(RoundFault.TranscriptsDiffer)]
    [InlineData(RoundFault.WrongStep)]
    [InlineData(RoundFault.WrongSender)]
    [InlineData(RoundFault.WrongLength)]
    [InlineData(RoundFault.MalformedMessage)]
    [InlineData(RoundFault.OtherRound)]
    [InlineData(RoundFault.ModelsDiffer)]
    [Trait("Attack", "two-sums")]
    public void FindReason_OwnerFoundAFault_CoordinatorDoesNotReplaceIt(RoundFault fault)
    {
        RoundException found = new(fault, "found");

        Assert.Same(found, OwnerRun.FindReason(found, null, Told));
        Assert.Same(found, OwnerRun.FindReason(new OperationCanceledException(), found, Told));
        Assert.Same(found, OwnerRun.FindReason(new TrainingException(TrainingFault.InvalidData, "an engine's words for it"), found, Told));
    }

    [Fact]
    public void FindReason_RowsDoNotFit_TheErrorItself() =>
        Assert.Null(OwnerRun.FindReason(new TrainingException(TrainingFault.InvalidData, "a bad cell"), null, Told));

    [Fact]
    public void FindReason_RoundEndedWhileTheOwnerComputes_WhatTheCoordinatorSaid() =>
        Assert.Same(Told, OwnerRun.FindReason(new OperationCanceledException(), null, Told));

    [Fact]
    public void FindReason_ConnectionBroke_WhatTheCoordinatorSaidBefore()
    {
        RoundException lost = new(RoundFault.CoordinatorLost, "lost");

        Assert.Same(Told, OwnerRun.FindReason(lost, lost, Told));
        Assert.Same(lost, OwnerRun.FindReason(lost, lost, null));
    }
}
