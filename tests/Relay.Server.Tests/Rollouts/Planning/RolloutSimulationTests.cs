using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Planning;

/// <summary>Whole rollouts over 10,000 nodes whose reports are spread over each round.</summary>
public sealed class RolloutSimulationTests
{
    private const int Nodes = 10_000;
    private const int LooksOfRound = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Plan_HarmlessCandidate_CompletesAllStages(int seed)
    {
        RolloutState state = Run(seed, added: 0, vanishAt: int.MaxValue);

        Assert.Equal((RolloutStatus.Completed, 4), (state.Status, state.Stage));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Plan_TwoPointsMoreFailures_HaltsInTheFirstStage(int seed)
    {
        RolloutState state = Run(seed, added: 0.02, vanishAt: int.MaxValue);

        Assert.Equal((RolloutStatus.Halted, HaltReason.Evidence, 1), (state.Status, state.Halted, state.Stage));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(12)]
    public void Plan_AllNodesVanish_NeverCompletes(int round)
    {
        RolloutState state = Run(seed: 1, added: 0, vanishAt: round);

        Assert.Equal((RolloutStatus.Halted, HaltReason.TimedOut), (state.Status, state.Halted));
    }

    private static RolloutState Run(int seed, double added, int vanishAt)
    {
        RolloutRule rule = RolloutRules.Create();
        MetricRule metric = rule.Evidence.Metrics[0];
        FastRandom random = new(seed);
        SimulatedFleet control = new(0.01, 200, 0, metric.Cap);
        SimulatedFleet candidate = new(0.01, 200, added, metric.Cap);
        int[] kinds = SimulatedFleet.DrawNodes(random, Nodes);
        DateTimeOffset now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        RolloutState state = RolloutState.Start(now);
        Dictionary<int, ArmCounts> counts = [];
        while (!state.HasEnded)
        {
            int round = state.RoundNow(rule);
            int look = counts.TryGetValue(round, out ArmCounts? before)
                ? (int)((before.Candidate.Nodes + before.Control.Nodes + 1) * LooksOfRound / Nodes)
                : 0;
            ReadOnlySpan<int> reporting = round < vanishAt && look < LooksOfRound
                ? kinds.AsSpan(look * Nodes / LooksOfRound, Nodes / LooksOfRound)
                : [];
            int candidates = (int)(reporting.Length * state.Percentage / 100);
            before ??= ArmCounts.Empty;
            counts[round] = new(
                before.Candidate.Merge(candidate.Report(random, reporting[..candidates])),
                before.Control.Merge(control.Report(random, reporting[candidates..])));
            RoundVerdict[] verdicts = [.. counts.Where(pair => pair.Key >= state.FirstRound)
                .Select(pair => RolloutPlanner.Evaluate(rule, state,
                    EvidenceRules.Round(pair.Value.Candidate, pair.Value.Control, metric.Name, pair.Key)))];
            state = RolloutPlanner.Plan(rule, state, verdicts, now).State;
            now += rule.Round / LooksOfRound;
        }

        return state;
    }
}
