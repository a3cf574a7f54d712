using Relay.Server.Rollouts.Evidence;
using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Evidence;

/// <summary>The error rates that a rule states, measured on 1,000 <see cref="SimulatedRollouts"/>.</summary>
public sealed class CalibrationTests(ITestOutputHelper output)
{
    private const int Rollouts = 1_000;

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

    private static int CountRollouts(EvidenceRule rule, double share, double concentration, double added, Verdict verdict, int runs,
        bool worstFirst) =>
        new SimulatedRollouts(rule) { Share = share, Concentration = concentration, Added = added, WorstFirst = worstFirst }.Count(verdict, runs);

    private void AssertAtMost(double alpha, int count, int runs, string what)
    {
        (double low, double high) = ClopperPearson.Interval(count, runs);
        output.WriteLine($"{what}: {(double)count / runs:0.0000} [{low:0.0000}, {high:0.0000}], alpha {alpha}");
        Assert.True(low <= alpha, $"{what}: {count} of {runs}");
    }
}
