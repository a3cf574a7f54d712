using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Relay.TestKit;
using Relay.TestKit.Rollouts;
using Shared.Contracts;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts.Planning;

// Pauses, ramps, windows and clocks.
public sealed partial class RolloutPlannerTests
{
    [Fact]
    public void Plan_Paused_ReachesNoMoreNodesAndDoesNotTimeOut()
    {
        RolloutState state = Apply(Rule, Plan(Rule, Start()).State, RolloutCommand.Pause).State;
        state = Wait(Rule, state, 24 * 60);

        RolloutDecision passed = Plan(Rule, state, Verdict.Pass);
        RolloutDecision resumed = Apply(Rule, passed.State, RolloutCommand.Resume);

        Assert.Equal((RolloutAction.Stay, 1.0, TimeSpan.Zero), (passed.Action, passed.State.Percentage, passed.State.AtTarget));
        Assert.Equal((RolloutAction.Resume, RolloutStatus.Running), (resumed.Action, resumed.State.Status));
    }

    [Fact]
    public void Plan_PausedWithAFailedRound_Halts()
    {
        RolloutState state = Apply(Rule, Plan(Rule, Start()).State, RolloutCommand.Pause).State;

        Assert.Equal(RolloutAction.Halt, Plan(Rule, state, Verdict.Fail).Action);
    }

    [Fact]
    public void Plan_Ramp_GrowsEachMinuteUpToTheStage()
    {
        RolloutRule rule = Rule with { Ramp = new(0.1, 2, 0.3) };
        RolloutState state = Start();
        List<double> percentages = [];
        for (int minute = 0; minute < 6; minute++)
        {
            state = Plan(rule, state).State;
            percentages.Add(state.Percentage);
            _clock.Advance(Minute);
        }

        Assert.Equal([0.1, 0.3, 0.6, 0.9, 1, 1], percentages);
    }

    [Fact]
    public void Plan_RampOfALaterStage_StartsAtThePercentageOfTheStageBefore()
    {
        RolloutRule rule = Rule with { Ramp = new(2, 1, 2) };
        RolloutState state = Apply(rule, Plan(rule, Start()).State, RolloutCommand.Skip).State;

        Assert.Equal((2, 3.0), (state.Stage, state.Percentage));
        Assert.Equal(10, Wait(rule, state, 5).Percentage);
    }

    [Fact]
    public void Plan_WindowIsClosed_WaitsAndStillHalts()
    {
        DateTimeOffset noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        RolloutRule rule = Rule with { Window = new(new(22, 0), new(4, 0)) };
        RolloutState start = RolloutState.Start(noon);

        RolloutDecision closed = RolloutPlanner.Plan(rule, start, [], noon);
        RolloutDecision open = RolloutPlanner.Plan(rule, start, [], noon.AddHours(11));
        RolloutState ready = open.State with { AtTarget = TimeSpan.FromHours(1), PassFrom = 1, At = noon };
        RolloutDecision passed = RolloutPlanner.Plan(rule, ready, [RolloutRules.Round(1, Verdict.Pass)], noon);
        RolloutDecision failed = RolloutPlanner.Plan(rule, ready, [RolloutRules.Round(1, Verdict.Fail)], noon);

        Assert.Equal(
            (RolloutAction.WaitForWindow, RolloutAction.Ramp, RolloutAction.WaitForWindow, RolloutAction.Halt),
            (closed.Action, open.Action, passed.Action, failed.Action));
    }

    [Fact]
    public void Plan_ClockSteps_CountAtMostTheLongestStepAndNothingBackwards()
    {
        RolloutState state = Plan(Rule, Start()).State;

        RolloutState ahead = RolloutPlanner.Plan(Rule, state, [], _clock.GetUtcNow().AddYears(10)).State;
        RolloutState back = RolloutPlanner.Plan(Rule, ahead, [], _clock.GetUtcNow()).State;

        Assert.Equal((RolloutStatus.Running, RolloutPlanner.LongestStep), (ahead.Status, ahead.AtTarget));
        Assert.Equal((RolloutStatus.Running, RolloutPlanner.LongestStep), (back.Status, back.AtTarget));
    }
}
