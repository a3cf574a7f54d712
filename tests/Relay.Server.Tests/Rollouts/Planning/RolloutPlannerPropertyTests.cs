using System.Text.Json;
using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;

namespace Relay.Server.Tests.Rollouts.Planning;

/// <summary>What holds for any rule, verdicts, commands and clock.</summary>
public sealed class RolloutPlannerPropertyTests
{
    private const int Runs = 300;
    private static readonly DateTimeOffset Began = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Plan_AnythingThatHappens_KeepsPercentagesStagesAndEnds()
    {
        int ended = 0;
        for (int run = 0; run < Runs; run++)
        {
            Random random = new(run);
            RolloutRule rule = DrawRule(random);
            Assert.Null(rule.FindError());
            DateTimeOffset now = Began;
            RolloutState state = RolloutState.Start(now);
            List<RoundVerdict> rounds = [];
            for (int tick = 0; tick < 300; tick++)
            {
                now += TimeSpan.FromSeconds(random.Next(20) == 0 ? random.Next(-100_000, 100_000) : random.Next(0, 400));
                rounds.Add(RolloutRules.Round(state.RoundNow(rule), DrawVerdict(random)));
                RolloutDecision decision = random.Next(12) == 0
                    && RolloutPlanner.Apply(rule, state, DrawCommand(random), now) is { IsAccepted: true } command
                    ? command.Value
                    : RolloutPlanner.Plan(rule, state, rounds, now);

                AssertFollows(rule, state, decision);
                ended += !state.HasEnded && decision.State.HasEnded ? 1 : 0;
                state = decision.State;
            }
        }

        Assert.InRange(ended, Runs / 4, Runs);
    }

    /// <summary>Without pauses, each rollout ends, whatever one verdict stays; halted ones after a wait, and none without data completes.</summary>
    [Fact]
    public void Plan_TimePasses_Ends()
    {
        for (int run = 0; run < 60; run++)
        {
            Random random = new(run);
            RolloutRule rule = DrawRule(random);
            Verdict verdict = (Verdict)(run % 3);
            DateTimeOffset now = Began;
            RolloutState state = RolloutState.Start(now);
            int ticks = 0;
            while (!state.HasEnded)
            {
                now += TimeSpan.FromMinutes(1);
                state = RolloutPlanner.Plan(rule, state, [RolloutRules.Round(state.RoundNow(rule), verdict)], now).State;
                Assert.True(++ticks < 100_000, $"run {run} goes on");
            }

            Assert.Equal(verdict == Verdict.Pass ? RolloutStatus.Completed : RolloutStatus.Halted, state.Status);
        }
    }

    [Fact]
    public void Plan_VerdictsInAnyOrderAndTwice_IsTheSame()
    {
        for (int run = 0; run < Runs; run++)
        {
            Random random = new(run);
            RolloutRule rule = DrawRule(random);
            RolloutState state = RolloutState.Start(Began) with
            {
                Stage = random.Next(1, rule.Stages.Count + 1),
                FirstRound = random.Next(1, 4),
                InStage = rule.Round * random.Next(0, 8),
            };
            state = state with { Percentage = state.StageOf(rule).Percentage, TargetRound = state.FirstRound, AtTarget = state.InStage };
            RoundVerdict[] rounds = [.. Enumerable.Range(1, 10).Select(round => RolloutRules.Round(round, DrawVerdict(random)))];
            RoundVerdict[] other = [.. rounds, .. rounds];
            random.Shuffle(other);

            Assert.Equal(RolloutPlanner.Plan(rule, state, rounds, Began), RolloutPlanner.Plan(rule, state, other, Began));
        }
    }

    /// <summary>A relay that was killed between two steps plans again from what it stored.</summary>
    [Fact]
    public void Plan_StateThatWasStored_DecidesAlike()
    {
        for (int run = 0; run < 50; run++)
        {
            Random random = new(run);
            RolloutRule rule = DrawRule(random);
            RolloutRule readRule =
                JsonSerializer.Deserialize(JsonSerializer.Serialize(rule, RolloutJson.Default.RolloutRule), RolloutJson.Default.RolloutRule)!;
            DateTimeOffset now = Began;
            RolloutState state = RolloutState.Start(now);
            for (int tick = 0; tick < 100; tick++)
            {
                now += TimeSpan.FromSeconds(random.Next(0, 400));
                RolloutState read =
                    JsonSerializer.Deserialize(JsonSerializer.Serialize(state, RolloutJson.Default.RolloutState), RolloutJson.Default.RolloutState)!;
                RoundVerdict[] rounds = [RolloutRules.Round(state.RoundNow(rule), DrawVerdict(random))];
                RolloutDecision decision = RolloutPlanner.Plan(rule, state, rounds, now);

                Assert.Equal(state, read);
                Assert.Equal(decision, RolloutPlanner.Plan(readRule, read, rounds, now));
                state = decision.State;
            }
        }
    }

    private static void AssertFollows(RolloutRule rule, RolloutState before, RolloutDecision decision)
    {
        RolloutState after = decision.State;
        bool grows = after.Percentage > before.Percentage;
        Assert.True(after.Percentage <= after.StageOf(rule).Percentage, "more nodes than the stage allows");
        Assert.True(after.Stage == before.Stage || (after.Stage == before.Stage + 1 && decision.Action == RolloutAction.Advance),
            "a stage is left out or repeated");
        Assert.True(after.Percentage >= before.Percentage || decision.Action == RolloutAction.Halt, "nodes go back without a halt");
        Assert.True(
            !grows || decision.Action is RolloutAction.Ramp or RolloutAction.Advance or RolloutAction.Complete, "nodes are added without a decision");
        Assert.True(!grows || before.Status == RolloutStatus.Running, "a paused or ended rollout grows");
        Assert.True(!before.HasEnded || (ReferenceEquals(before, after) && decision.Action == RolloutAction.Stay), "an ended rollout goes on");
        Assert.Equal(after.Status == RolloutStatus.Halted, after.Halted is not null);
        Assert.True(after.AtTarget >= before.AtTarget || after.Stage > before.Stage, "time goes back");
        Assert.True(after.FirstRound > before.RoundNow(rule) || after.Stage == before.Stage, "a round belongs to two stages");
    }

    private static Verdict DrawVerdict(Random random) => random.Next(60) == 0 ? Verdict.Fail : (Verdict)random.Next(3);

    private static RolloutCommand DrawCommand(Random random) => random.Next(6) switch
    {
        0 => random.Next(8) == 0 ? RolloutCommand.Halt : RolloutCommand.Skip,
        1 => random.Next(8) == 0 ? RolloutCommand.Revoke : RolloutCommand.Skip,
        2 => RolloutCommand.Pause,
        _ => RolloutCommand.Resume,
    };

    private static RolloutRule DrawRule(Random random)
    {
        double[] percentages = [.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => random.Next(1, 10_000) / 100.0).Distinct().Order(), 100];
        TimeSpan round = TimeSpan.FromSeconds(random.Next(30, 1_200));
        return RolloutRules.Create() with
        {
            Round = round,
            Stages =
            [
                .. percentages.Select(percentage =>
                {
                    TimeSpan minTime = TimeSpan.FromSeconds(random.Next(0, 3_000));
                    return new RolloutStage(percentage, minTime, minTime + (round * random.Next(1, 10)));
                }),
            ],
            Ramp = random.Next(2) == 0 ? null : new RampRule(random.Next(1, 2_000) / 100.0, 1 + random.NextDouble(), 20 + random.Next(0, 50)),
            Window = random.Next(3) > 0 ? null : new AdvanceWindow(new TimeOnly(random.Next(24), 0), new TimeOnly(random.Next(24), 30)),
        };
    }
}
