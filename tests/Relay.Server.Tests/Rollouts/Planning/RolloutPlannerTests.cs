using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Relay.TestKit;
using Relay.TestKit.Rollouts;
using Shared.Contracts;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts.Planning;

public sealed partial class RolloutPlannerTests
{
    private static readonly RolloutRule Rule = RolloutRules.Create();
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TestClock _clock = new();

    [Fact]
    public void Plan_Start_ReachesTheFirstStage()
    {
        RolloutDecision first = Plan(Rule, Start());

        Assert.Equal((RolloutAction.Ramp, 1, 1.0), (first.Action, first.State.Stage, first.State.Percentage));
        Assert.Equal(new ChannelManifest("stable", 7, new ReleaseCandidate(8, 1, "salt")), first.State.ToManifest(Rule, "stable"));
    }

    [Fact]
    public void Plan_PassBeforeTheLeastTime_StaysUntilItIsOver()
    {
        RolloutState state = Plan(Rule, Start()).State;
        List<RolloutAction> actions = [];
        for (int minute = 0; minute < 30; minute++)
        {
            _clock.Advance(Minute);
            RolloutDecision decision = Plan(Rule, state, Verdict.Pass);
            actions.Add(decision.Action);
            state = decision.State;
        }

        Assert.Equal([.. Enumerable.Repeat(RolloutAction.Stay, 29), RolloutAction.Advance], actions);
        Assert.Equal((2, 10.0), (state.Stage, state.Percentage));
    }

    /// <summary>A pass of the first minutes has not seen late damage: the last whole round, or a later one, has to pass.</summary>
    [Fact]
    public void Plan_OnlyAnEarlyRoundPassed_Stays()
    {
        RolloutState state = Wait(Rule, Plan(Rule, Start()).State, 40);
        int round = state.RoundNow(Rule);

        Assert.Equal(5, round);
        Assert.Equal(RolloutAction.Stay, RolloutPlanner.Plan(Rule, state, [RolloutRules.Round(1, Verdict.Pass)], _clock.GetUtcNow()).Action);
        Assert.Equal(RolloutAction.Advance, RolloutPlanner.Plan(Rule, state, [RolloutRules.Round(3, Verdict.Pass)], _clock.GetUtcNow()).Action);
    }

    [Theory]
    [InlineData(nameof(Verdict.NotYet))]
    [InlineData(nameof(Verdict.NoData))]
    public void Plan_NoPassWithinTheLongestWait_HaltsAndReturns(string verdict)
    {
        RolloutState state = Plan(Rule, Start()).State;
        RolloutDecision decision;
        do
        {
            _clock.Advance(Minute);
            decision = Plan(Rule, state, Enum.Parse<Verdict>(verdict));
            state = decision.State;
        }
        while (decision.Action == RolloutAction.Stay);

        Assert.Equal((RolloutAction.Halt, HaltReason.TimedOut, TimeSpan.FromHours(4)), (decision.Action, state.Halted, state.AtTarget));
        Assert.Equal(new ChannelManifest("stable", 7), state.ToManifest(Rule, "stable"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Plan_FailedRoundInAnyStage_HaltsAtOnce(int stage)
    {
        RolloutState state = Plan(Rule, Start()).State;
        while (state.Stage < stage)
        {
            state = Apply(Rule, state, RolloutCommand.Skip).State;
        }

        RolloutDecision decision = Plan(Rule, state, Verdict.Fail);

        Assert.Equal(RolloutAction.Halt, decision.Action);
        Assert.Equal((RolloutStatus.Halted, HaltReason.Evidence, 0.0), (decision.State.Status, decision.State.Halted, decision.State.Percentage));
    }

    /// <summary>A mean at the cap is no measurement: the reason says where values are cut.</summary>
    [Fact]
    public void Plan_FailedRound_SaysTheMeansAndWhereTheyAreCut()
    {
        RolloutState state = Plan(Rule, Start()).State;
        RoundVerdict failed = RolloutPlanner.Evaluate(
            Rule, state, EvidenceRules.Round(EvidenceRules.Counts((BinCounts.Steps, 90)), EvidenceRules.Counts((0, 900))));

        RolloutDecision decision = RolloutPlanner.Plan(Rule, state, [failed], _clock.GetUtcNow());

        Assert.Equal(
            "Round 1 failed: failures is 5.00 % on 90 nodes, 0.00 % on the others (no node counts with more than 5.00 %).", decision.Reason);
    }

    [Fact]
    public void Plan_RoundOfAnEarlierStage_IsIgnored()
    {
        RolloutState state = Apply(Rule, Plan(Rule, Start()).State, RolloutCommand.Skip).State;

        Assert.Equal(2, state.FirstRound);
        Assert.Equal(RolloutAction.Stay, RolloutPlanner.Plan(Rule, state, [RolloutRules.Round(1, Verdict.Fail)], _clock.GetUtcNow()).Action);
    }

    [Fact]
    public void Plan_LastStagePassed_Completes()
    {
        RolloutState state = Plan(Rule, Start()).State;
        for (int stage = 1; stage <= 4; stage++)
        {
            state = Wait(Rule, state, 31);
            state = Plan(Rule, state, Verdict.Pass).State;
        }

        Assert.Equal((RolloutStatus.Completed, 100.0), (state.Status, state.Percentage));
        Assert.Equal(new ChannelManifest("stable", 8), state.ToManifest(Rule, "stable"));
    }

    [Theory]
    [InlineData(nameof(RolloutCommand.Halt), nameof(HaltReason.Operator))]
    [InlineData(nameof(RolloutCommand.Revoke), nameof(HaltReason.Revoked))]
    public void Apply_HaltOrRevoke_EndsTheRollout(string command, string reason)
    {
        RolloutState state = Apply(Rule, Plan(Rule, Start()).State, Enum.Parse<RolloutCommand>(command)).State;

        Assert.Equal((RolloutStatus.Halted, reason), (state.Status, $"{state.Halted}"));
        Assert.All(Enum.GetValues<RolloutCommand>(), again => Assert.Equal(
            RolloutRefusalReason.Ended, RolloutPlanner.Apply(Rule, state, again, _clock.GetUtcNow()).Refusal!.Reason));
        Assert.Same(state, Plan(Rule, state, Verdict.Pass).State);
    }

    [Fact]
    public void Apply_Skip_GoesToTheNextStageAndCompletesTheLast()
    {
        RolloutState state = Plan(Rule, Start()).State;
        List<double> percentages = [];
        while (!state.HasEnded)
        {
            percentages.Add(state.Percentage);
            state = Apply(Rule, state, RolloutCommand.Skip).State;
        }

        Assert.Equal([1, 10, 50, 100], percentages);
        Assert.Equal(RolloutStatus.Completed, state.Status);
    }

    [Fact]
    public void Apply_SkipOfAPausedRollout_IsRefused()
    {
        RolloutState paused = Apply(Rule, Plan(Rule, Start()).State, RolloutCommand.Pause).State;

        Assert.Equal(RolloutRefusalReason.Paused, RolloutPlanner.Apply(Rule, paused, RolloutCommand.Skip, _clock.GetUtcNow()).Refusal!.Reason);
        Assert.Equal(RolloutAction.Stay, Apply(Rule, paused, RolloutCommand.Pause).Action);
    }

    private RolloutState Start() => RolloutState.Start(_clock.GetUtcNow());

    private RolloutState Wait(RolloutRule rule, RolloutState state, int minutes)
    {
        for (int minute = 0; minute < minutes; minute++)
        {
            _clock.Advance(Minute);
            state = Plan(rule, state).State;
        }

        return state;
    }

    // With a verdict of the round that runs now.
    private RolloutDecision Plan(RolloutRule rule, RolloutState state, Verdict verdict = Verdict.NotYet) => RolloutPlanner.Plan(
        rule, state, state.HasEnded ? [] : [RolloutRules.Round(state.RoundNow(rule), verdict)], _clock.GetUtcNow());

    private RolloutDecision Apply(RolloutRule rule, RolloutState state, RolloutCommand command)
    {
        Result<RolloutDecision, RolloutRefusal> result = RolloutPlanner.Apply(rule, state, command, _clock.GetUtcNow());
        Assert.True(result.IsAccepted);
        return result.Value;
    }
}
