using Relay.Server.Rollouts.Evidence;
using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Evidence;

/// <summary>A thief of as many keys as are tolerated reports anything with them, or nothing. A verdict that comes about is that of the true
/// reports, judged without tolerance.</summary>
public sealed class ForgedReportsTests
{
    private const int Runs = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("Attack", "forged-reports")]
    public void Evaluate_ForgedReportsOfToleratedNodes_CauseNoVerdict(int tolerated)
    {
        EvidenceRule rule = EvidenceRules.Create(tolerated) with
        {
            MinNodes = 10,
            Thresholds = [new(EvidenceRules.Failures, 0.04, 0.02, MinCount: tolerated + 1)],
        };
        EvidenceRule truth = rule with { Tolerated = 0 };
        Random random = new(tolerated);
        Dictionary<Verdict, int> seen = [];
        for (int run = 0; run < Runs; run++)
        {
            List<int> candidates = DrawBins(random, random.Next(0, 150), random.Next(1, 60));
            List<int> controls = DrawBins(random, random.Next(0, 400), random.Next(1, 60));
            Verdict forged = Evaluate(rule, Forge(random, candidates, tolerated), Forge(random, controls, tolerated));

            seen[forged] = seen.GetValueOrDefault(forged) + 1;
            if (forged is Verdict.Pass or Verdict.Fail)
            {
                Assert.Equal((run, forged), (run, Evaluate(truth, candidates, controls)));
            }
        }

        Assert.All([Verdict.Pass, Verdict.Fail, Verdict.NotYet], verdict => Assert.True(seen[verdict] > 20, $"{verdict}: {seen[verdict]}"));
    }

    /// <summary>Without tolerance, the same forgery does cause one: the test above can fail.</summary>
    [Fact]
    public void Evaluate_ForgedReportsWithoutTolerance_CanCauseAVerdict()
    {
        EvidenceRule rule = EvidenceRules.Create() with { MinNodes = 10 };
        BinCounts control = EvidenceRules.Counts((0, 1_000), (10, 1_000));
        int enough = Enumerable.Range(1, 100).First(nodes => IsFailed(nodes));

        Assert.False(IsFailed(enough - 1));
        Assert.True(EvidenceTest.Evaluate(rule with { Tolerated = 1 }, Round(enough)).Verdict != Verdict.Fail);

        bool IsFailed(int nodes) => EvidenceTest.Evaluate(rule, Round(nodes)).Verdict == Verdict.Fail;
        RoundEvidence Round(int nodes) => EvidenceRules.Round(EvidenceRules.Counts((0, 50), (128, nodes)), control);
    }

    // Some get another value, some are left out, some come in: those whose true values speak most against what the forger wants.
    private static List<int> Forge(Random random, List<int> bins, int tolerated)
    {
        bool high = random.Next(2) == 0;
        List<int> honest = [.. high ? bins.Order() : bins.OrderDescending()];
        List<int> forged = [];
        for (int i = 0; i < tolerated; i++)
        {
            bool leavesOut = random.Next(3) > 0;
            if (leavesOut && honest.Count > 0)
            {
                honest.RemoveAt(0);
            }

            if (!leavesOut || random.Next(3) > 0)
            {
                forged.Add(random.Next(3) == 0 ? random.Next(BinCounts.Steps + 1) : high ? BinCounts.Steps : 0);
            }
        }

        return [.. honest, .. forged];
    }

    private static List<int> DrawBins(Random random, int nodes, int mean) =>
        [.. Enumerable.Range(0, nodes).Select(_ => (int)Math.Min(BinCounts.Steps, -Math.Log(1 - random.NextDouble()) * mean))];

    private static Verdict Evaluate(EvidenceRule rule, IEnumerable<int> candidates, IEnumerable<int> controls) =>
        EvidenceTest.Evaluate(rule, EvidenceRules.Round(Count(candidates), Count(controls))).Verdict;

    private static BinCounts Count(IEnumerable<int> bins) => BinCounts.From(bins.Select(bin => (bin, 1L)));
}
