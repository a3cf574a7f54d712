using Relay.Server.Cli.Federate;
using Relay.Training.Federated;

namespace Relay.Server.Tests.Federation;

/// <summary>Which reason an owner ends with, where the coordinator gives another.</summary>
public sealed class OwnerRunTests
{
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
    public void FindReason_OwnerFoundAFault_CoordinatorDoesNotReplaceIt(RoundFault fault) =>
        Assert.Equal(fault, OwnerRun.FindReason(new(fault, "found"), new(RoundFault.OwnerLeft, "told")).Fault);

    [Fact]
    public void FindReason_ConnectionBroke_WhatTheCoordinatorSaidBefore()
    {
        RoundException lost = new(RoundFault.CoordinatorLost, "lost");

        Assert.Equal(RoundFault.TimedOut, OwnerRun.FindReason(lost, new(RoundFault.TimedOut, "told")).Fault);
        Assert.Equal(RoundFault.CoordinatorLost, OwnerRun.FindReason(lost, null).Fault);
    }
}
