using Relay.Server.Rollouts.Evidence;
using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Evidence;

public sealed class NodeTallyTests
{
    private static readonly EvidenceRule Rule = EvidenceRules.Create();

    [Fact]
    public void Add_UntilEnoughCalls_CountsTheNodeOnce()
    {
        TallyStep first = Add(NodeTally.Empty, 1, 1, 0, 12);
        TallyStep second = Add(first.Tally, 1, 2, 1, 8);
        TallyStep third = Add(second.Tally, 1, 3, 500, 500);

        Assert.Empty(first.Counted);
        Assert.Equal([new CountedValue(EvidenceRules.Failures, BinCounts.Steps)], second.Counted);
        Assert.Empty(third.Counted);
    }

    [Fact]
    public void Add_NextRound_StartsAgain()
    {
        TallyStep first = Add(NodeTally.Empty, 1, 1, 0, 100);
        TallyStep open = Add(first.Tally, 2, 2, 0, 10);
        TallyStep next = Add(open.Tally, 3, 3, 0, 19);

        Assert.Equal([new CountedValue(EvidenceRules.Failures, 0)], first.Counted);
        Assert.Equal(new ShareCount(0, 19), next.Tally.Open[EvidenceRules.Failures]);
    }

    [Theory]
    [Trait("Attack", "replayed-reports")]
    [InlineData(1, 2)]
    [InlineData(1, 1)]
    [InlineData(0, 9)]
    public void Add_WindowThatWasTakenOrIsOlderOrOfAnEarlierRound_ChangesNothing(int round, long window)
    {
        NodeTally tally = Add(NodeTally.Empty, 1, 2, 0, 10).Tally;

        TallyStep step = Add(tally, round, window, 0, 100);

        Assert.Same(tally, step.Tally);
        Assert.Empty(step.Counted);
    }

    /// <summary>Reports of many nodes in another order, and each repeated, give the same counts.</summary>
    [Fact]
    [Trait("Attack", "replayed-reports")]
    public void Add_ReportsOfManyNodesReorderedAndRepeated_GiveTheSameCounts()
    {
        Random random = new(1);
        (int Node, int Window, long Failures)[] reports =
            [.. from node in Enumerable.Range(0, 100) from window in Enumerable.Range(0, 6) select (node, window, (long)random.Next(3))];
        (int Node, int Window, long Failures)[] shuffled = [.. reports];
        random.Shuffle(shuffled);

        // The windows of one node arrive in their order, which the relay holds by their numbers; those of different nodes in any.
        Queue<(int Node, int Window, long Failures)>[] ofNodes =
            [.. reports.GroupBy(report => report.Node).OrderBy(group => group.Key).Select(group => new Queue<(int, int, long)>(group))];
        BinCounts other = Count(shuffled.Select(report => ofNodes[report.Node].Dequeue()).SelectMany(report => new[] { report, report }));

        Assert.Equal(Count(reports), other);
        Assert.Equal(100, other.Nodes);
    }

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(0, 0)]
    [InlineData(0, -5)]
    public void Add_SharesThatCannotBe_AreLeftOut(long part, long whole) => Assert.Empty(Add(NodeTally.Empty, 1, 1, part, whole).Counted);

    [Fact]
    public void Add_MoreFailuresThanCalls_CountsAsTheCap() =>
        Assert.Equal([new CountedValue(EvidenceRules.Failures, BinCounts.Steps)], Add(NodeTally.Empty, 1, 1, long.MaxValue, 100).Counted);

    [Fact]
    public void Add_SumsThatOverflow_AreCounted()
    {
        EvidenceRule rule = Rule with { Metrics = [Rule.Metrics[0] with { MinWhole = long.MaxValue }] };
        TallyStep first = NodeTally.Empty.Add(rule, "salt", "node", 1, 1, Shares(1, long.MaxValue - 1));

        TallyStep second = first.Tally.Add(rule, "salt", "node", 1, 2, Shares(1, long.MaxValue - 1));

        Assert.Single(second.Counted);
    }

    /// <summary>On average a value is exact, wherever it lies between two bins.</summary>
    [Theory]
    [InlineData(1, 300)]
    [InlineData(7, 900)]
    [InlineData(3, 100)]
    public void ToBin_OverManyNodes_IsTheShareOnAverage(long part, long whole)
    {
        const int Nodes = 20_000;
        double mean = Enumerable.Range(0, Nodes)
            .Average(i => new ShareCount(part, whole).ToBin(0.05, ShareCount.Draw("salt", 1, "failures", $"node-{i}")));

        Assert.Equal((double)part / whole, mean / BinCounts.Steps * 0.05, 0.05 / BinCounts.Steps * 4 / Math.Sqrt(Nodes));
    }

    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(5, 100, 128)]
    [InlineData(100, 100, 128)]
    public void ToBin_ZeroAndCap_AreExactWhateverTheDraw(long part, long whole, int bin)
    {
        Assert.Equal(bin, new ShareCount(part, whole).ToBin(0.05, 0));
        Assert.Equal(bin, new ShareCount(part, whole).ToBin(0.05, 1 - 1e-9));
    }

    private static BinCounts Count(IEnumerable<(int Node, int Window, long Failures)> reports)
    {
        Dictionary<int, NodeTally> tallies = [];
        BinCounts counts = BinCounts.Empty;
        foreach ((int node, int window, long failures) in reports)
        {
            TallyStep step = tallies.GetValueOrDefault(node, NodeTally.Empty).Add(Rule, "salt", $"node-{node}", 1, window, Shares(failures, 15));
            tallies[node] = step.Tally;
            counts = step.Counted.Aggregate(counts, (sum, value) => sum.Add(value.Bin));
        }

        return counts;
    }

    private static TallyStep Add(NodeTally tally, int round, long window, long part, long whole) =>
        tally.Add(Rule, "salt", "node", round, window, Shares(part, whole));

    private static Dictionary<string, ShareCount> Shares(long part, long whole) => new() { [EvidenceRules.Failures] = new(part, whole) };
}
