using Google.Protobuf.Collections;
using Shared.Contracts.Onnx.Trees;

namespace Shared.Contracts.Tests.Onnx.Trees;

public sealed class NodePositionsTests
{
    [Theory]
    [InlineData(new long[] { 7, 7, 7, 2, 2 }, new long[] { 0, 1, 2, 0, 1 })]
    [InlineData(new long[] { 7, 7, 7, 2, 2 }, new long[] { 2, 0, 1, -5, 9 })]
    [InlineData(new long[] { 0, 0, 0, 1, 1 }, new long[] { 0, 1, 5, 1, 0 })]
    public void TryFind_EveryNode_IsAtItsPosition(long[] trees, long[] ids)
    {
        NodePositions positions = new();
        Assert.Null(positions.Add(List(trees), List(ids)));

        for (int i = 0; i < trees.Length; i++)
        {
            Assert.True(positions.TryFind(trees[i], ids[i], out int at));
            Assert.Equal(i, at);
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0, -1)]
    [InlineData(1, 0)]
    [InlineData(1, 11)]
    [InlineData(2, 0)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void TryFind_NodeThatDoesNotExist_IsFalse(long tree, long node)
    {
        NodePositions positions = new();
        Assert.Null(positions.Add(List(0, 0, 0, 1, 1), List(0, 1, 2, 10, 12)));

        Assert.False(positions.TryFind(tree, node, out _));
    }

    [Theory]
    [InlineData(new long[] { 0, 0, 0 }, new long[] { 0, 1, 1 })]
    [InlineData(new long[] { 0, 0, 0 }, new long[] { 4, 2, 4 })]
    [InlineData(new long[] { 0, 1, 0 }, new long[] { 0, 0, 1 })]
    public void Add_RepeatedNodeOrTree_IsRefused(long[] trees, long[] ids) =>
        Assert.NotNull(new NodePositions().Add(List(trees), List(ids)));

    private static RepeatedField<long> List(params long[] values) => [.. values];
}
