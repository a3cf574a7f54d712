using Shared.Contracts.Onnx.Trees;

namespace Shared.Contracts.Tests.Onnx.Trees;

/// <summary>Branches may share what they lead to, as converters of set splits write it; what could loop or explode when ONNX Runtime loads
/// the file is refused.</summary>
public sealed class TreeShapeTests
{
    [Fact]
    public void FindError_LeafAndBranchThatTwoBranchesLeadTo_AreTaken()
    {
        // 0 -> (2, 1), 1 -> (2, ~0), 2 -> (~0, ~1): branch 2 and leaf 0 have two parents.
        Assert.Null(Find([Node(2, 1), Node(2, ~0), Node(~0, ~1)], leaves: 2));
    }

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    public void FindError_Cycle_IsRefused()
    {
        Assert.NotNull(Find([Node(~0, 0)], leaves: 1));
        Assert.NotNull(Find([Node(~0, 1), Node(~0, 2), Node(~0, 1)], leaves: 1));
        Assert.NotNull(Find([Node(1, 1), Node(0, ~0)], leaves: 1));
    }

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    public void FindError_SharedBranchesThatDoubleAtEveryLevel_AreRefused()
    {
        SplitNode[] nodes = [.. Enumerable.Range(0, 60).Select(i => i < 59 ? Node(i + 1, i + 1) : Node(~0, ~0))];

        Assert.NotNull(Find(nodes, leaves: 1));
        Assert.NotNull(Find(nodes, leaves: 0));
    }

    [Fact]
    public void FindError_NodeOfTwoTreesOrOfNone_IsRefused()
    {
        Assert.NotNull(TreeShape.FindError([Node(~0, ~0), Node(0, ~0)], [0, 1], leaves: 0, lengths: []));
        Assert.NotNull(TreeShape.FindError([Node(~0, ~0), Node(0, ~0)], [1, 0], leaves: 0, lengths: []));
        Assert.NotNull(TreeShape.FindError([Node(~0, ~0)], [0, 0], leaves: 0, lengths: []));
        Assert.NotNull(Find([Node(~0, ~0), Node(~0, ~0)], leaves: 1));
        Assert.NotNull(Find([Node(~0, ~0)], leaves: 2));
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void FindError_LevelsUpToTheLimit_AreTaken(int levels, bool isTaken)
    {
        SplitNode[] nodes = [.. Enumerable.Range(0, levels).Select(i => i < levels - 1 ? Node(~0, i + 1) : Node(~0, ~0))];

        Assert.Equal(isTaken, Find(nodes, leaves: 1) is null);
    }

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    public void FindError_SetsThatMakeChainsOrCopiesBeyondTheLimits_AreRefused()
    {
        SplitNode[] nodes = [.. Enumerable.Range(0, 20).Select(i => i < 19 ? Node(i + 1, ~0) : Node(~0, ~0))];

        Assert.Null(TreeShape.FindError([Node(~0, ~0)], [0], leaves: 0, lengths: [500]));
        Assert.NotNull(TreeShape.FindError([Node(~0, ~0)], [0], leaves: 0, lengths: [600]));
        Assert.NotNull(TreeShape.FindError(nodes, [0], leaves: 0, lengths: [.. nodes.Select(_ => 10)]));
    }

    private static string? Find(SplitNode[] nodes, int leaves) => TreeShape.FindError(nodes, [0], leaves, lengths: []);

    private static SplitNode Node(int whenTrue, int whenFalse) => new(SplitMode.Equal, 0, 1, false, whenTrue, whenFalse);
}
