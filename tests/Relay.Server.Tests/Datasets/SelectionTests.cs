using Relay.Server.Datasets.Selection;

namespace Relay.Server.Tests.Datasets;

public sealed class SelectionTests
{
    [Theory]
    [InlineData(0, new[] { 10, 10, 10, 10, 10 }, 0.2, 10)]
    [InlineData(0, new[] { 1000, 10, 10, 10, 10 }, 0.2, 10)]
    [InlineData(0, new[] { 10, 10, 10, 10 }, 0.2, 0)]
    [InlineData(0, new[] { 50 }, 1.0, 50)]
    [InlineData(100, new[] { 1000 }, 0.2, 25)]
    [InlineData(100, new[] { 1000, 1000 }, 0.2, 33)]
    [InlineData(100, new int[0], 0.2, 0)]
    public void Find_Cap_IsTheLargestThatKeepsToTheShare(int trusted, int[] nodes, double share, int expected)
    {
        int cap = NodeCap.Find(trusted, nodes, share);

        Assert.Equal(expected, cap);
        Assert.True(cap <= share * Taken(cap));
        Assert.True(nodes.Length == 0 || cap == nodes.Max() || cap + 1 > share * Taken(cap + 1));

        long Taken(int bound) => trusted + nodes.Sum(rows => Math.Min(rows, bound));
    }

    [Fact]
    [Trait("Attack", "samples-poison")]
    public void Find_NodeThatContradictsAllOthers_IsLeftOutWhole()
    {
        List<CandidateRow> rows = [];
        for (int content = 0; content < 50; content++)
        {
            for (int node = 1; node <= 5; node++)
            {
                rows.Add(Row(content, node, node == 5 ? 1 - (content % 2) : content % 2));
            }
        }

        rows.Add(Row(1000, 5, 0));
        Dissent dissent = Dissent.Find(rows, _ => true);

        Assert.Equal([5], dissent.Sources);
        Assert.Equal(50, rows.Count(dissent.IsOutvoted));
    }

    [Fact]
    public void Find_NoiseThatAllNodesHave_OutvotesNone()
    {
        List<CandidateRow> rows = [];
        for (int content = 0; content < 10; content++)
        {
            for (int node = 1; node <= 5; node++)
            {
                rows.AddRange(Enumerable.Range(0, 10).Select(i => Row(content, node, i < 3 ? 1 : 0)));
            }
        }

        Dissent dissent = Dissent.Find(rows, _ => true);

        Assert.Empty(dissent.Sources);
        Assert.DoesNotContain(rows, dissent.IsOutvoted);
    }

    [Fact]
    public void Find_TwoNodesThatDisagree_DecidesNothing()
    {
        List<CandidateRow> rows = [.. Enumerable.Range(0, 50).SelectMany(content => new[] { Row(content, 1, 0), Row(content, 2, 1) })];

        Dissent dissent = Dissent.Find(rows, _ => true);

        Assert.Empty(dissent.Sources);
        Assert.DoesNotContain(rows, dissent.IsOutvoted);
    }

    [Fact]
    [Trait("Attack", "samples-poison")]
    public void Find_NodeThatContradictsAKey_IsOutvotedAlsoByOne()
    {
        List<CandidateRow> rows =
        [
            .. Enumerable.Range(0, 30).SelectMany(content => new[] { Row(content, 1, 0), Row(content, 9, 1) with { IsTrusted = true } }),
        ];

        Dissent dissent = Dissent.Find(rows, source => source < 9);

        Assert.Equal([1], dissent.Sources);
        Assert.DoesNotContain(rows, row => row.Source == 9 && dissent.IsOutvoted(row));
    }

    private static CandidateRow Row(int content, int source, int label) =>
        new((content * 1000L) + source, (ulong)content, (ulong)content, source, label, IsTrusted: false);
}
