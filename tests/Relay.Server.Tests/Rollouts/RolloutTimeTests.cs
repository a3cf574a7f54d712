using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Planning;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>Nodes that vanish, clocks that are set, and a relay that was off: what is not said is never taken for health, and what could not be heard
/// never for harm.</summary>
public sealed partial class RolloutTimeTests
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Decide_CandidatesThatReportedAndVanish_AreSilentAndTheRolloutIsHalted()
    {
        using RolloutFleet fleet = await RolloutFleet.StartAsync(RolloutFleet.Rule with { Stages = [new(50, 3000, 36000), new(100, 600, 3600)] });
        await fleet.PassAsync(Round, () => fleet.Nodes);

        await fleet.PassAsync(3 * Round, () => fleet.Controls);

        Assert.Equal((RolloutOutcome.Returned, 1), (fleet.Rollout.Outcome, fleet.Rollout.ReadState().Stage));
        Assert.Contains("threshold of silent", Assert.Single(fleet.History, e => e.Kind == RolloutEvents.Halted).Detail, StringComparison.Ordinal);
        Assert.Equal(new ChannelManifest("stable", 1), fleet.Document);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Decide_AllNodesVanish_NeverCompletes(bool haveReported, bool silenceDecides)
    {
        RolloutRuleView rule = silenceDecides ? RolloutFleet.Rule : RolloutFleet.Rule with { Metrics = [RolloutFleet.Failures], Thresholds = [] };
        using RolloutFleet fleet = await RolloutFleet.StartAsync(rule);
        if (haveReported)
        {
            fleet.Report(fleet.Nodes);
        }

        await fleet.PassAsync(TimeSpan.FromHours(4));

        Assert.Equal(RolloutOutcome.Returned, fleet.Rollout.Outcome);
        Assert.Equal(new ChannelManifest("stable", 1), fleet.Document);
    }

    [Theory]
    [InlineData(24 * 60)]
    [InlineData(7)]
    [InlineData(-7)]
    [InlineData(-24 * 60)]
    public async Task Decide_ClockOfTheRelayIsSet_NeitherHaltsNorTimesOutNorPassesWithoutReports(int minutes)
    {
        using RolloutFleet fleet = await RolloutFleet.StartAsync(RolloutFleet.Rule with { Stages = [new(50, 1800, 3600), new(100, 600, 3600)] });
        await fleet.PassAsync(Round, () => fleet.Nodes);

        fleet.Clock.Set(TimeSpan.FromMinutes(minutes));
        await fleet.DecideAsync();
        TimeSpan after = fleet.Rollout.ReadState().InStage;

        // The nodes go on as before: each round has their reports, and none is taken for silent.
        await fleet.PassAsync(TimeSpan.FromMinutes(16), () => fleet.Nodes);

        Assert.Equal(RolloutOutcome.Open, fleet.Rollout.Outcome);
        Assert.InRange(after, TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(17));
        Assert.DoesNotContain(fleet.History, e => e.Kind == RolloutEvents.Halted);
    }

    [Fact]
    public async Task Decide_ClockSetBackAndCandidatesThatFail_AreHaltedAtOnce()
    {
        using RolloutFleet fleet = await RolloutFleet.StartAsync();
        await fleet.PassAsync(TimeSpan.FromMinutes(4), () => fleet.Nodes);
        await fleet.PassAsync(TimeSpan.FromMinutes(8));
        fleet.Clock.Set(TimeSpan.FromMinutes(-5));
        await fleet.DecideAsync();

        fleet.Report(fleet.Nodes, failures: 50);
        await fleet.DecideAsync();

        Assert.Equal(HaltReason.Evidence, fleet.Rollout.ReadState().Halted);
    }

    [Fact]
    public async Task Decide_RelayWasOffForRounds_TakesNoNodeForSilentAndGoesOn()
    {
        using RolloutFleet fleet =
            await RolloutFleet.StartAsync(RolloutFleet.Rule with { RoundSeconds = 60, Stages = [new(50, 600, 3600), new(100, 600, 3600)] });
        await fleet.PassAsync(TimeSpan.FromMinutes(4), () => fleet.Nodes);

        fleet.Clock.Advance(TimeSpan.FromHours(5));
        fleet.RestartRelay();
        await fleet.DecideAsync();
        await fleet.DecideAsync();

        Assert.Equal((RolloutOutcome.Open, 1), (fleet.Rollout.Outcome, fleet.Rollout.ReadState().Stage));
        for (int i = 0; i < 20 && fleet.Rollout.ReadState().Stage == 1; i++)
        {
            fleet.Clock.Advance(TimeSpan.FromSeconds(30));
            fleet.Report(fleet.Nodes);
            await fleet.DecideAsync();
        }

        Assert.Equal(2, fleet.Rollout.ReadState().Stage);
    }

    /// <summary>A node whose clock is years ahead counts again as soon as its clock is right; one whose clock goes back never counts twice.</summary>
    [Fact]
    public async Task Observe_ClocksOfNodesAreSet_CountEachNodeOnce()
    {
        using RolloutFleet fleet = await RolloutFleet.StartAsync();
        string ahead = fleet.Candidates[0];
        string back = fleet.Candidates[1];
        CheckIn now = fleet.Create(back, failures: 100);
        CheckIn before = fleet.Create(back, failures: 100);

        fleet.Report(Shift(fleet.Create(ahead, failures: 100), TimeSpan.FromDays(3650)));
        fleet.Report(now);
        fleet.Report(Shift(before, TimeSpan.FromHours(-2)));
        await fleet.DecideAsync();
        fleet.Report(fleet.Create(ahead));

        Assert.Equal((2, 0.5), fleet.Count("failures"));
    }

    [Fact]
    public async Task Decide_Ramp_ReachesTheStageStepByStepAndNeverMore()
    {
        RolloutRuleView rule = RolloutFleet.Rule with { Ramp = new(5, 2, 20), Stages = [new(50, 600, 3600), new(100, 600, 3600)] };
        using RolloutFleet fleet = await RolloutFleet.StartAsync(rule);
        List<double> percentages = [fleet.Document.Candidate!.Percentage];
        for (int minute = 0; minute < 8; minute++)
        {
            fleet.Clock.Advance(TimeSpan.FromMinutes(1));
            fleet.Report(fleet.Nodes);
            await fleet.DecideAsync();
            percentages.Add(fleet.Document.Candidate!.Percentage);
        }

        Assert.Equal([5.0, 15, 35, 50, 50, 50, 50, 50, 50], percentages);
        Assert.Equal(3, fleet.History.Count(e => e.Kind == RolloutEvents.Ramped));
    }

    [Fact]
    public async Task Decide_OutsideOfTheWindow_ReachesNoNodeAndStillHalts()
    {
        RolloutRuleView rule = RolloutFleet.Rule with
        {
            Stages = [new(50, 3600, 36000), new(100, 600, 3600)],
            Window = new(new TimeOnly(22, 0), new TimeOnly(23, 0)),
        };
        DateTimeOffset noon = new(2030, 1, 15, 12, 30, 0, TimeSpan.Zero);
        using RolloutFleet fleet = await RolloutFleet.StartAsync(rule, noon);
        Assert.Empty(fleet.Candidates);

        await fleet.PassAsync(TimeSpan.FromHours(9), () => fleet.Nodes);
        Assert.Empty(fleet.Candidates);
        await fleet.PassAsync(TimeSpan.FromMinutes(36), () => fleet.Nodes);
        Assert.Equal(50, fleet.Document.Candidate!.Percentage);

        // The stage passes after the window has closed: the next one waits for the next evening, and harm does not.
        await fleet.PassAsync(TimeSpan.FromHours(2), () => fleet.Nodes);
        Assert.Equal((RolloutOutcome.Open, 50.0), (fleet.Rollout.Outcome, fleet.Rollout.Percentage));
        await fleet.PassAsync(Round, () => fleet.Nodes, failures: 50);
        Assert.Equal(RolloutOutcome.Returned, fleet.Rollout.Outcome);
    }

    private static CheckIn Shift(CheckIn report, TimeSpan by) => report with
    {
        At = report.At + by,
        Windows = [.. report.Windows!.Select(window => window with { Id = window.Id + (long)by.TotalMilliseconds })],
    };
}
