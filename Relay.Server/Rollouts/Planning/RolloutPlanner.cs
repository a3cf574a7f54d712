using System.Globalization;
using Relay.Server.Rollouts.Evidence;
using Shared.Contracts;

namespace Relay.Server.Rollouts.Planning;

/// <summary>Decides how a rollout goes on. Pure: the same rule, state, verdicts and time give the same decision.</summary>
internal static class RolloutPlanner
{
    /// <summary>The longest time between two decisions that counts. A clock that jumps ahead, or a relay that was off, does not time a stage
    /// out; a clock that goes back takes nothing away.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(5);

    /// <summary>The verdict of a round of the present stage.</summary>
    public static RoundVerdict Evaluate(RolloutRule rule, RolloutState state, RoundEvidence evidence) => EvidenceTest.Evaluate(
        rule.Evidence,
        evidence,
        passRank: state.PassFrom == 0 ? 1 : Math.Max(1, evidence.Round - state.PassFrom + 1),
        hasControl: state.StageOf(rule).Percentage < 100);

    /// <summary>The decision at a moment.</summary>
    /// <param name="rounds">The verdicts of the stage's rounds, in any order; those of other stages are ignored.</param>
    public static RolloutDecision Plan(RolloutRule rule, RolloutState state, IReadOnlyList<RoundVerdict> rounds, DateTimeOffset now)
    {
        if (state.HasEnded)
        {
            return new(RolloutAction.Stay, state, "The rollout has ended.");
        }

        RolloutStage stage = state.StageOf(rule);
        RolloutState timed = PassTime(rule, state, now);
        RoundVerdict[] ofStage = [.. rounds.Where(round => round.Round >= timed.FirstRound && round.Round <= timed.RoundNow(rule))];
        Verdict verdict = EvidenceTest.Combine(ofStage, timed.PassFrom);
        return verdict == Verdict.Fail ? Halt(timed, HaltReason.Evidence, FindFailure(rule, ofStage))
            : timed.Status == RolloutStatus.Paused ? new(RolloutAction.Stay, timed, "The rollout is paused.")
            : timed.Percentage < stage.Percentage ? Reach(rule, timed, stage, now)
            : verdict == Verdict.Pass && timed.PassFrom > 0 ? GoOn(rule, timed, now)
            : timed.AtTarget >= stage.MaxWait ? Halt(timed, HaltReason.TimedOut, $"The stage did not pass within {stage.MaxWait:c}: {Explain(verdict)}.")
            : new(RolloutAction.Stay, timed, timed.PassFrom == 0 ? $"The stage lasts {stage.MinTime:c} at least." : $"The verdict is {Explain(verdict)}.");
    }

    /// <summary>The decision on a command.</summary>
    public static Result<RolloutDecision, RolloutRefusal> Apply(RolloutRule rule, RolloutState state, RolloutCommand command, DateTimeOffset now)
    {
        if (state.HasEnded)
        {
            return new RolloutRefusal(RolloutRefusalReason.Ended, $"The rollout is {(state.Status == RolloutStatus.Halted ? "halted" : "completed")}.");
        }

        RolloutState timed = PassTime(rule, state, now);
        return command switch
        {
            RolloutCommand.Pause when timed.Status == RolloutStatus.Paused => new RolloutDecision(RolloutAction.Stay, timed, "It was paused before."),
            RolloutCommand.Pause => new RolloutDecision(RolloutAction.Pause, timed with { Status = RolloutStatus.Paused }, "Paused by an operator."),
            RolloutCommand.Resume when timed.Status == RolloutStatus.Running => new RolloutDecision(RolloutAction.Stay, timed, "It was running before."),
            RolloutCommand.Resume => new RolloutDecision(RolloutAction.Resume, timed with { Status = RolloutStatus.Running }, "Resumed by an operator."),
            RolloutCommand.Skip when timed.Status == RolloutStatus.Paused =>
                new RolloutRefusal(RolloutRefusalReason.Paused, "The rollout is paused. Resume it before you skip a stage."),
            RolloutCommand.Skip => Next(rule, timed, "An operator skipped the rest of the stage."),
            RolloutCommand.Halt => Halt(timed, HaltReason.Operator, "Halted by an operator."),
            RolloutCommand.Revoke => Halt(timed, HaltReason.Revoked, "A version of the candidate is revoked."),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "not a command"),
        };
    }

    private static RolloutState PassTime(RolloutRule rule, RolloutState state, DateTimeOffset now)
    {
        TimeSpan step = TimeSpan.FromTicks(Math.Clamp((now - state.At).Ticks, 0, LongestStep.Ticks));
        RolloutState timed = state with { At = now, InStage = state.InStage + step };
        RolloutStage stage = state.StageOf(rule);
        if (state.Status == RolloutStatus.Paused)
        {
            return timed;
        }

        if (state.Percentage < stage.Percentage)
        {
            // The first step of a ramp is there at once; the time until it is taken is no time of the ramp.
            bool isRamping = state.Percentage > FromPercentage(rule, state.Stage) && IsOpen(rule, now);
            return isRamping ? timed with { Ramped = state.Ramped + step } : timed;
        }

        TimeSpan atTarget = state.AtTarget + step;
        int round = timed.RoundNow(rule);
        int targetRound = state.TargetRound == 0 ? round : state.TargetRound;
        return timed with
        {
            AtTarget = atTarget,
            TargetRound = targetRound,
            // The last whole round before the least time was over, or a later one: what passed long before has not seen late damage.
            PassFrom = state.PassFrom > 0 || atTarget < stage.MinTime ? state.PassFrom : Math.Max(targetRound, round - 1),
        };
    }

    private static RolloutDecision Reach(RolloutRule rule, RolloutState state, RolloutStage stage, DateTimeOffset now)
    {
        if (!IsOpen(rule, now))
        {
            return new(RolloutAction.WaitForWindow, state, "The window in which the rollout may reach more nodes is closed.");
        }

        double percentage = PercentageOf(rule, state);
        return percentage > state.Percentage
            ? new(RolloutAction.Ramp, AtPercentage(rule, state, percentage), Text($"The candidate is on {percentage}% of the nodes, of {stage.Percentage}%."))
            : new(RolloutAction.Stay, state, "The next step of the ramp is not due.");
    }

    private static RolloutDecision GoOn(RolloutRule rule, RolloutState state, DateTimeOffset now) =>
        state.Stage < rule.Stages.Count && !IsOpen(rule, now)
            ? new(RolloutAction.WaitForWindow, state, "The stage has passed. The window in which the rollout may reach more nodes is closed.")
            : Next(rule, state, "The stage has passed.");

    private static RolloutDecision Next(RolloutRule rule, RolloutState state, string reason)
    {
        if (state.Stage == rule.Stages.Count)
        {
            return new(RolloutAction.Complete, state with { Status = RolloutStatus.Completed, Percentage = 100 }, reason);
        }

        RolloutState next = state with
        {
            Stage = state.Stage + 1,
            FirstRound = state.RoundNow(rule) + 1,
            TargetRound = 0,
            PassFrom = 0,
            InStage = TimeSpan.Zero,
            Ramped = TimeSpan.Zero,
            AtTarget = TimeSpan.Zero,
        };
        return new(RolloutAction.Advance, AtPercentage(rule, next, PercentageOf(rule, next)), reason);
    }

    private static RolloutDecision Halt(RolloutState state, HaltReason halted, string reason) =>
        new(RolloutAction.Halt, state with { Status = RolloutStatus.Halted, Percentage = 0, Halted = halted }, reason);

    private static RolloutState AtPercentage(RolloutRule rule, RolloutState state, double percentage) => state with
    {
        Percentage = percentage,
        TargetRound = percentage < state.StageOf(rule).Percentage ? 0 : state.RoundNow(rule),
    };

    private static double PercentageOf(RolloutRule rule, RolloutState state) => rule.Ramp is { } ramp
        ? ramp.PercentageAfter(state.Ramped, FromPercentage(rule, state.Stage), state.StageOf(rule).Percentage)
        : state.StageOf(rule).Percentage;

    private static double FromPercentage(RolloutRule rule, int stage) => stage == 1 ? 0 : rule.Stages[stage - 2].Percentage;

    private static bool IsOpen(RolloutRule rule, DateTimeOffset now) => rule.Window?.IsOpen(now) ?? true;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string FindFailure(RolloutRule rule, RoundVerdict[] rounds)
    {
        RoundVerdict failed = rounds.Where(round => round.Verdict == Verdict.Fail).MinBy(round => round.Round)!;
        IEnumerable<string> metrics = failed.Metrics.Where(metric => metric is { Watch: false, Verdict: Verdict.Fail }).Select(metric => Text(
            $"{metric.Metric} is {metric.Candidate.Mean:P2} on {metric.Candidate.Nodes} nodes, {metric.Control.Mean:P2} on the others{DescribeCap(rule, metric)}"));
        IEnumerable<string> thresholds = failed.Thresholds.Where(threshold => threshold.Verdict == Verdict.Fail)
            .Select(threshold => $"{threshold.Count} of {threshold.Nodes} nodes are above the threshold of {threshold.Metric}");
        return $"Round {failed.Round} failed: {string.Join("; ", metrics.Concat(thresholds))}.";
    }

    // A mean at the cap says "that or more".
    private static string DescribeCap(RolloutRule rule, MetricVerdict metric) =>
        rule.Evidence.Metrics.Single(compared => compared.Name == metric.Metric).Cap is var cap and < 1
            ? Text($" (no node counts with more than {cap:P2})")
            : "";

    private static string Explain(Verdict verdict) => verdict switch
    {
        Verdict.NoData => "no data",
        Verdict.NotYet => "not yet",
        Verdict.Pass => "pass",
        _ => "fail",
    };
}
