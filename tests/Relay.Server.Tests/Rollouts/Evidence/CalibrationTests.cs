using Relay.Server.Rollouts.Evidence;

namespace Relay.Server.Tests.Rollouts.Evidence;

/// <summary>The error rates that a rule states, measured: 1,000 rollouts at 1% of 10,000 nodes, two rounds, four looks in each.</summary>
public sealed class CalibrationTests(ITestOutputHelper output)
{
    private const int Rollouts = 1_000;
    private const int CandidateNodes = 100;
    private const int ControlNodes = 9_900;
    private const int Rounds = 2;
    private const int Looks = 4;

    [Theory]
    [InlineData(0.005, 50)]
    [InlineData(0.01, 200)]
    public void Evaluate_HarmlessCandidate_FailsInAtMostAlphaOfRollouts(double share, double concentration)
    {
        EvidenceRule rule = EvidenceRules.Create();

        int failed = CountRollouts(rule, share, concentration, added: 0, Verdict.Fail, Rollouts, worstFirst: false);

        AssertAtMost(rule.Alpha, failed, Rollouts, "harmless candidates that failed");
    }

    [Fact]
    public void Evaluate_CandidateAtTheHarmBound_FailsInAtMostAlphaOfRollouts()
    {
        EvidenceRule rule = EvidenceRules.Create();

        int failed = CountRollouts(rule, 0.01, 50, rule.Metrics[0].Harm, Verdict.Fail, Rollouts, worstFirst: false);

        AssertAtMost(rule.Alpha, failed, Rollouts, "candidates at the harm bound that failed");
    }

    [Fact]
    public void Evaluate_CandidateAtThePassMargin_PassesInAtMostAlphaOfRollouts()
    {
        EvidenceRule rule = EvidenceRules.Create();

        // Values are cut at the cap, so that a little more has to be added for a difference of the margin.
        int passed = CountRollouts(rule, 0.01, 200, rule.Metrics[0].PassMargin * 1.05, Verdict.Pass, Rollouts, worstFirst: false);

        AssertAtMost(rule.Alpha, passed, Rollouts, "candidates at the pass margin that passed");
    }

    /// <summary>Busy nodes report first and fail more, in both arms: the order is no draw then, and the comparison is still fair.</summary>
    [Fact]
    public void Evaluate_HarmlessCandidateWorstNodesFirst_FailsInAtMostAlphaOfRollouts()
    {
        EvidenceRule rule = EvidenceRules.Create();

        int failed = CountRollouts(rule, 0.01, 50, added: 0, Verdict.Fail, Rollouts, worstFirst: true);

        AssertAtMost(rule.Alpha, failed, Rollouts, "harmless candidates that failed, with the worst nodes first");
    }

    [Theory]
    [InlineData(0.005, 50, 0)]
    [InlineData(0.01, 50, 0)]
    [InlineData(0.01, 50, 3)]
    [InlineData(0.01, 200, 0)]
    public void Evaluate_TwoPointsMoreFailures_FailsInTheFirstStage(double share, double concentration, int tolerated)
    {
        const int Runs = 300;
        EvidenceRule rule = EvidenceRules.Create(tolerated, 0.05, EvidenceRules.Metric("other"), EvidenceRules.Metric("another"));

        int failed = CountRollouts(rule, share, concentration, added: 0.02, Verdict.Fail, Runs, worstFirst: false);

        (double low, double high) = ClopperPearson.Interval(failed, Runs);
        output.WriteLine($"power {(double)failed / Runs:0.000} [{low:0.000}, {high:0.000}]");
        Assert.True(low >= 0.95, $"{failed} of {Runs}");
    }

    [Fact]
    public void Evaluate_HarmlessCandidate_PassesWithTheNodesOfTheFirstStage()
    {
        const int Runs = 200;
        EvidenceRule rule = EvidenceRules.Create();

        int passed = CountRollouts(rule, 0.01, 200, added: 0, Verdict.Pass, Runs, worstFirst: false);

        output.WriteLine($"passed {(double)passed / Runs:0.000}");
        Assert.True(passed >= 0.9 * Runs, $"{passed} of {Runs}");
    }

    // Rollouts with the verdict at some look. The rest of the rule's metrics have no data.
    private static int CountRollouts(EvidenceRule rule, double share, double concentration, double added, Verdict verdict, int runs, bool worstFirst)
    {
        MetricRule metric = rule.Metrics[0];
        SimulatedFleet control = new(share, concentration, 0, metric.Cap);
        SimulatedFleet candidate = new(share, concentration, added, metric.Cap);
        int found = 0;
        Parallel.For(0, runs, run =>
        {
            FastRandom random = new(run);
            int[] candidates = SimulatedFleet.DrawNodes(random, CandidateNodes, worstFirst);
            int[] controls = SimulatedFleet.DrawNodes(random, ControlNodes, worstFirst);
            for (int round = 1; round <= Rounds; round++)
            {
                ArmCounts counts = ArmCounts.Empty;
                for (int look = 0; look < Looks; look++)
                {
                    counts = new(
                        counts.Candidate.Merge(candidate.Report(random, Part(candidates, look))),
                        counts.Control.Merge(control.Report(random, Part(controls, look))));
                    RoundVerdict judged = EvidenceTest.Evaluate(rule, EvidenceRules.Round(counts.Candidate, counts.Control, metric.Name, round), passRank: round);
                    if (judged.Metrics[0].Verdict == verdict)
                    {
                        Interlocked.Increment(ref found);
                        return;
                    }
                }
            }
        });

        return found;
    }

    private static ReadOnlySpan<int> Part(int[] nodes, int look)
    {
        int size = nodes.Length / Looks;
        return nodes.AsSpan(look * size, size);
    }

    private void AssertAtMost(double alpha, int count, int runs, string what)
    {
        (double low, double high) = ClopperPearson.Interval(count, runs);
        output.WriteLine($"{what}: {(double)count / runs:0.0000} [{low:0.0000}, {high:0.0000}], alpha {alpha}");
        Assert.True(low <= alpha, $"{what}: {count} of {runs}");
    }
}
