using Relay.Server.Rollouts.Planning;

namespace Relay.Server.Rollouts;

/// <summary>The time of a rollout between two decisions, as the planner passes it. Pure.</summary>
internal static class RolloutClock
{
    /// <summary>The time in the stage: a clock that jumps counts as <see cref="RolloutPlanner.LongestStep"/> at most.</summary>
    public static TimeSpan InStageAt(RolloutState state, DateTimeOffset now) =>
        state.InStage + TimeSpan.FromTicks(Math.Clamp((now - state.At).Ticks, 0, RolloutPlanner.LongestStep.Ticks));

    public static int RoundAt(RolloutRule rule, RolloutState state, DateTimeOffset now) =>
        (state with { InStage = InStageAt(state, now) }).RoundNow(rule);

    /// <summary>When a round of the stage began.</summary>
    public static DateTimeOffset StartOf(RolloutRule rule, RolloutState state, int round, DateTimeOffset now) =>
        now - InStageAt(state, now) + (rule.Round * (round - state.FirstRound));
}
