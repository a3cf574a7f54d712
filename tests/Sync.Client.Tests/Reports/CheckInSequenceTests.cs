using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Reports;

namespace Sync.Client.Tests.Reports;

/// <summary>The numbers of check-ins, and what a node does where the relay has a higher one.</summary>
public sealed class CheckInSequenceTests
{
    private const string Token = "relay_enroll_0123456789abcdef";

    [Fact]
    public void Next_OfOneNode_StartsAtTheTimeAndGrowsByOne()
    {
        TestClock clock = new();
        CheckInSequence sequence = new(clock);

        long first = sequence.Next();
        clock.Advance(TimeSpan.FromDays(-1));

        Assert.Equal(clock.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds(), first);
        Assert.Equal(first + 1, sequence.Next());
    }

    [Fact]
    public void Next_ClockBefore1970_IsANumberAllTheSame() =>
        Assert.Equal(1, new CheckInSequence(new TestClock(DateTimeOffset.UnixEpoch.AddYears(-1))).Next());

    [Theory]
    [InlineData(null)]
    [InlineData(-1L)]
    [InlineData(CheckInBounds.Count)]
    [InlineData(long.MaxValue)]
    [Trait("Attack", "sequence-run-up")]
    public void TryContinueAfter_NumberAfterWhichNoneIsLeft_ChangesNothing(long? last)
    {
        CheckInSequence sequence = new(new TestClock());
        long before = sequence.Next();

        Assert.False(sequence.TryContinueAfter(last));
        Assert.Equal(before + 1, sequence.Next());
    }

    [Fact]
    public async Task Refresh_ClockWasAheadBeforeTheRestart_GoesOnAfterTheNumberOfTheRelay()
    {
        await using NodeFixture fixture = await StartAsync();
        using (SyncClient before = fixture.OpenNode())
        {
            await before.RefreshAsync();
        }

        long last = fixture.Server.Nodes!.Last["node-1"];
        fixture.Clock.Advance(TimeSpan.FromHours(-5));
        using SyncClient node = fixture.OpenNode();
        await node.RefreshAsync();
        fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        await node.RefreshAsync();

        Assert.Equal([last, last + 1, last + 2], fixture.Server.CheckIns.Select(c => c.Sequence));
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    [Trait("Attack", "sequence-run-up")]
    public async Task Refresh_RelayWhoseNumberIsAtItsEnd_IsARefusalAndTheNodeServes()
    {
        await using NodeFixture fixture = await StartAsync();
        using SyncClient node = fixture.OpenNode();
        fixture.Server.Nodes!.Last["node-1"] = long.MaxValue;

        RefreshResult result = await node.RefreshAsync();

        Assert.True(result.Activated);
        Assert.Equal(nameof(RefusalReason.TransportUnavailable), Assert.Single(node.Status.CurrentRefusals).Reason);
        Assert.InRange(fixture.Server.Nodes.Problems.Count, 1, 2);
    }

    private static async Task<NodeFixture> StartAsync()
    {
        NodeFixture fixture = await NodeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create());
        fixture.Server.Nodes = new NodeAccess(fixture.Clock);
        fixture.Server.Nodes.Tokens[Token] = true;
        fixture.Options.EnrollmentToken = Token;
        return fixture;
    }
}
