using Relay.Server.Rollouts.Evidence;
using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Evidence;

public sealed class BettingTestTests
{
    [Fact]
    public void LogEvidenceAbove_HigherMean_IsLess()
    {
        BinCounts counts = EvidenceRules.Counts((0, 50), (20, 30), (60, 20));
        foreach (int tolerated in (int[])[0, 1, 5])
        {
            double[] evidence = [.. Enumerable.Range(1, 99).Select(i => BettingTest.LogEvidenceAbove(counts, i / 100.0, tolerated))];

            Assert.All(evidence.Zip(evidence.Skip(1)), pair => Assert.True(pair.First > pair.Second - 1e-9));
        }
    }

    /// <summary>A mean that the values have themselves is never refuted.</summary>
    [Fact]
    public void LogEvidenceAbove_AtTheirOwnMean_IsNone()
    {
        Random random = new(1);
        for (int run = 0; run < 200; run++)
        {
            BinCounts counts =
                BinCounts.From(Enumerable.Range(0, 1 + random.Next(20)).Select(_ => (random.Next(1, 129), (long)random.Next(1, 1_000))));

            Assert.True(BettingTest.LogEvidenceAbove(counts, counts.Mean, 0) <= 0);
        }
    }

    /// <summary>The expected capital of one bet is exactly 1 when the mean is the true one: values 0 and 1/2 by halves, mean 1/4.</summary>
    [Fact]
    public void LogEvidenceAbove_OneNodeAtTheTrueMean_IsFairOnAverage()
    {
        double low = Math.Exp(BettingTest.LogEvidenceAbove(EvidenceRules.Counts((0, 1)), 0.25, 0));
        double high = Math.Exp(BettingTest.LogEvidenceAbove(EvidenceRules.Counts((64, 1)), 0.25, 0));

        Assert.Equal(1, (low + high) / 2, 1e-12);
    }

    [Fact]
    public void UpperBound_OfAMean_IsAboveItAndNearerWithMoreNodes()
    {
        double previous = 1;
        foreach (int nodes in (int[])[10, 100, 1_000, 10_000, 100_000])
        {
            BinCounts counts = EvidenceRules.Counts((0, nodes), (30, nodes));
            double bound = BettingTest.UpperBound(counts, 0.01, 0);

            Assert.InRange(bound, counts.Mean, previous);
            previous = bound;
        }

        Assert.InRange(previous, 15.0 / 128, (15.0 / 128) + 0.002);
    }

    [Fact]
    public void UpperBound_ToleratedNodes_IsHigherThanWithAnyOtherValuesOfThem()
    {
        BinCounts counts = EvidenceRules.Counts((0, 500), (30, 500));
        BinCounts raised = EvidenceRules.Counts((0, 497), (30, 500), (128, 3));

        Assert.True(BettingTest.UpperBound(counts, 0.01, tolerated: 3) >= BettingTest.UpperBound(raised, 0.01, 0));
    }

    [Fact]
    public void UpperBound_WithoutNodes_IsTheCap() => Assert.Equal(1, BettingTest.UpperBound(BinCounts.Empty, 0.01, 0));
}
