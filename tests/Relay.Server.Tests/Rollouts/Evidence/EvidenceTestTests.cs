using Relay.Server.Rollouts.Evidence;
using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Evidence;

public sealed class EvidenceTestTests
{
    private static readonly BinCounts Healthy = EvidenceRules.Counts((0, 60), (25, 30), (51, 10));
    private static readonly BinCounts Failing = EvidenceRules.Counts((0, 10), (51, 30), (77, 30), (128, 30));
    private static readonly BinCounts Control = EvidenceRules.Counts((0, 6_000), (25, 3_000), (51, 900));

    [Fact]
    public void Evaluate_SameDistribution_Passes() => Assert.Equal(Verdict.Pass, Evaluate(Healthy, Control).Verdict);

    [Fact]
    public void Evaluate_ManyMoreFailures_Fails() => Assert.Equal(Verdict.Fail, Evaluate(Failing, Control).Verdict);

    [Fact]
    public void Evaluate_FewNodes_IsNotYetWithHowManyAreMissing()
    {
        MetricVerdict verdict = Evaluate(EvidenceRules.Counts((0, 6), (25, 3), (51, 1)), Control).Metrics[0];
        long more = verdict.MoreNodes!.Value;
        double factor = (10.0 + more) / 10;

        RoundVerdict then = Evaluate(
            EvidenceRules.Counts((0, (long)Math.Ceiling(6 * factor)), (25, (long)Math.Ceiling(3 * factor)), (51, (long)factor)), Control);

        Assert.Equal(Verdict.NotYet, verdict.Verdict);
        Assert.InRange(more, 10, 200);
        Assert.Equal(Verdict.Pass, then.Verdict);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Evaluate_AnArmWithoutNodes_IsNoData(bool hasCandidates, bool hasControls) => Assert.Equal(
        Verdict.NoData, Evaluate(hasCandidates ? Healthy : BinCounts.Empty, hasControls ? Control : BinCounts.Empty).Verdict);

    [Fact]
    public void Evaluate_OneMetricWithoutData_NeverPasses()
    {
        EvidenceRule rule = EvidenceRules.Create(0, 0.05, EvidenceRules.Metric("other"));

        Assert.Equal(Verdict.NotYet, EvidenceTest.Evaluate(rule, EvidenceRules.Round(Healthy, Control)).Verdict);
    }

    [Fact]
    public void Evaluate_FewerThanMinNodes_NeverPasses()
    {
        EvidenceRule rule = EvidenceRules.Create() with { MinNodes = 101 };

        Assert.Equal(Verdict.NotYet, EvidenceTest.Evaluate(rule, EvidenceRules.Round(Healthy, Control)).Verdict);
    }

    [Fact]
    public void Evaluate_WatchedMetric_IsJudgedAndNeverDecides()
    {
        EvidenceRule rule = EvidenceRules.Create(0, 0.05, EvidenceRules.Metric("watched", watch: true));
        RoundEvidence evidence = new(1, new Dictionary<string, ArmCounts>
        {
            [EvidenceRules.Failures] = new(Healthy, Control),
            ["watched"] = new(Failing, Control),
        });

        RoundVerdict verdict = EvidenceTest.Evaluate(rule, evidence);

        Assert.Equal((Verdict.Pass, Verdict.Fail), (verdict.Verdict, verdict.Metrics[1].Verdict));
    }

    [Theory]
    [InlineData(nameof(HarmDirection.Higher), nameof(Verdict.Fail), nameof(Verdict.Pass))]
    [InlineData(nameof(HarmDirection.Lower), nameof(Verdict.Pass), nameof(Verdict.Fail))]
    [InlineData(nameof(HarmDirection.Both), nameof(Verdict.Fail), nameof(Verdict.Fail))]
    public void Evaluate_Direction_SaysWhichDifferenceIsHarm(string direction, string higher, string lower)
    {
        EvidenceRule rule = EvidenceRules.Create();
        rule = rule with { Metrics = [EvidenceRules.Metric(EvidenceRules.Failures, direction: Enum.Parse<HarmDirection>(direction))] };
        BinCounts middle = EvidenceRules.Counts((40, 2_000), (50, 2_000));

        Verdict above = EvidenceTest.Evaluate(rule, EvidenceRules.Round(EvidenceRules.Counts((90, 200)), middle)).Verdict;
        Verdict below = EvidenceTest.Evaluate(rule, EvidenceRules.Round(EvidenceRules.Counts((3, 200)), middle)).Verdict;
        Verdict same = EvidenceTest.Evaluate(rule, EvidenceRules.Round(EvidenceRules.Counts((40, 200), (50, 200)), middle)).Verdict;

        Assert.Equal((higher, lower, nameof(Verdict.Pass)), ($"{above}", $"{below}", $"{same}"));
    }

    [Fact]
    public void Evaluate_LaterRounds_NeedMoreEvidence()
    {
        EvidenceRule rule = EvidenceRules.Create();
        double spent = Enumerable.Range(1, 100_000).Sum(rule.ErrorOf);

        int first = NodesToFail(rule, round: 1);
        int tenth = NodesToFail(rule, round: 10);

        Assert.InRange(spent, 0.0499, rule.Alpha);
        Assert.InRange(tenth, first + 1, 4 * first);
    }

    [Theory]
    [InlineData(0, 2, nameof(Verdict.Fail))]
    [InlineData(0, 1, nameof(Verdict.Pass))]
    [InlineData(1, 3, nameof(Verdict.Fail))]
    [InlineData(1, 2, nameof(Verdict.NotYet))]
    [InlineData(1, 1, nameof(Verdict.NotYet))]
    [InlineData(1, 0, nameof(Verdict.Pass))]
    public void Evaluate_Threshold_HoldsWhateverTheToleratedNodesReport(int tolerated, int above, string expected)
    {
        EvidenceRule rule = EvidenceRules.Create(tolerated) with { Thresholds = [new(EvidenceRules.Failures, 0.04, 0.001, MinCount: 2)] };

        RoundVerdict verdict = EvidenceTest.Evaluate(rule, EvidenceRules.Round(EvidenceRules.Counts((0, 200), (128, above)), Control));

        Assert.Equal(
            (expected, (long)above, 200L + above), ($"{verdict.Thresholds[0].Verdict}", verdict.Thresholds[0].Count, verdict.Thresholds[0].Nodes));
    }

    [Fact]
    public void Evaluate_FailedThreshold_FailsTheRound()
    {
        EvidenceRule rule = EvidenceRules.Create() with { Thresholds = [new(EvidenceRules.Failures, 0.04, 0.01, MinCount: 2)] };

        Assert.Equal(Verdict.Fail, EvidenceTest.Evaluate(rule, EvidenceRules.Round(EvidenceRules.Counts((0, 100), (128, 2)), Control)).Verdict);
    }

    [Fact]
    public void Evaluate_WholeFleet_PassesWithNodesAndFailsByThresholdsOnly()
    {
        EvidenceRule rule = EvidenceRules.Create() with { Thresholds = [new(EvidenceRules.Failures, 0.04, 0.5, MinCount: 2)] };

        Verdict none = EvidenceTest.Evaluate(rule, EvidenceRules.Round(BinCounts.Empty, BinCounts.Empty), hasControl: false).Verdict;
        Verdict few = EvidenceTest.Evaluate(rule, EvidenceRules.Round(EvidenceRules.Counts((0, 19)), BinCounts.Empty), hasControl: false).Verdict;
        Verdict healthy = EvidenceTest.Evaluate(rule, EvidenceRules.Round(Healthy, BinCounts.Empty), hasControl: false).Verdict;
        Verdict broken =
            EvidenceTest.Evaluate(rule, EvidenceRules.Round(EvidenceRules.Counts((128, 30)), BinCounts.Empty), hasControl: false).Verdict;

        Assert.Equal((Verdict.NoData, Verdict.NotYet, Verdict.Pass, Verdict.Fail), (none, few, healthy, broken));
    }

    [Theory]
    [InlineData(new[] { nameof(Verdict.Pass), nameof(Verdict.Fail) }, nameof(Verdict.Fail))]
    [InlineData(new[] { nameof(Verdict.NotYet), nameof(Verdict.Pass) }, nameof(Verdict.Pass))]
    [InlineData(new[] { nameof(Verdict.Pass), nameof(Verdict.NotYet) }, nameof(Verdict.NotYet))]
    [InlineData(new[] { nameof(Verdict.NoData), nameof(Verdict.Pass), nameof(Verdict.NoData) }, nameof(Verdict.Pass))]
    [InlineData(new[] { nameof(Verdict.NoData), nameof(Verdict.NoData) }, nameof(Verdict.NoData))]
    [InlineData(new string[0], nameof(Verdict.NoData))]
    public void Combine_RoundsOfAStage_FailsWithOneAndPassesWithOneFromTheSecond(string[] rounds, string expected)
    {
        RoundVerdict[] verdicts = [.. rounds.Select((verdict, i) => new RoundVerdict(i + 1, i + 1, Enum.Parse<Verdict>(verdict), [], []))];

        Assert.Equal(expected, $"{EvidenceTest.Combine(verdicts, passFrom: 2)}");
    }

    /// <summary>The third round of a stage whose first may pass it, judged as if it were the first, has not enough evidence.</summary>
    [Theory]
    [InlineData(1, nameof(Verdict.NotYet))]
    [InlineData(2, nameof(Verdict.NotYet))]
    [InlineData(3, nameof(Verdict.Pass))]
    public void Combine_RoundJudgedForAnEarlierPlace_DoesNotPass(int passRank, string expected) => Assert.Equal(
        expected, $"{EvidenceTest.Combine([new(5, passRank, Verdict.Pass, [], [])], passFrom: 3)}");

    [Fact]
    public void Evaluate_PassRank_LaterPlacesNeedMoreEvidenceToPassWhateverTheRound()
    {
        int first = TensOfNodesToPass(passRank: 1);
        int late = TensOfNodesToPass(passRank: 150);

        Assert.InRange(late, first + 1, 3 * first);
    }

    /// <summary>Merged in any order and grouping, the counts of parts are those of the whole, and so is the verdict.</summary>
    [Fact]
    public void Evaluate_ReportsInAnyOrder_IsTheSame()
    {
        Random random = new(1);
        for (int run = 0; run < 50; run++)
        {
            int[] bins = [.. Enumerable.Range(0, 80).Select(_ => random.Next(0, 40))];
            BinCounts counts = bins.Aggregate(BinCounts.Empty, (sum, bin) => sum.Add(bin));
            random.Shuffle(bins);
            int cut = random.Next(bins.Length);
            BinCounts other = bins[cut..].Aggregate(BinCounts.Empty, (sum, bin) => sum.Add(bin))
                .Merge(bins[..cut].Aggregate(BinCounts.Empty, (sum, bin) => sum.Add(bin)));

            Assert.Equal(counts, other);
            Assert.Equal(Evaluate(counts, Control).Metrics, Evaluate(other, Control).Metrics);
        }
    }

    private static RoundVerdict Evaluate(BinCounts candidate, BinCounts control) =>
        EvidenceTest.Evaluate(EvidenceRules.Create(), EvidenceRules.Round(candidate, control));

    private static int NodesToFail(EvidenceRule rule, int round) => Enumerable.Range(1, 1_000).First(nodes => EvidenceTest.Evaluate(
        rule, EvidenceRules.Round(EvidenceRules.Counts((80, nodes)), Control, round: round)).Verdict == Verdict.Fail);

    private static int TensOfNodesToPass(int passRank) => Enumerable.Range(1, 100).First(tens => EvidenceTest.Evaluate(
        EvidenceRules.Create(),
        EvidenceRules.Round(EvidenceRules.Counts((0, 6 * tens), (25, 3 * tens), (51, tens)), Control, round: 500),
        passRank).Verdict == Verdict.Pass);
}
