using Shared.Contracts.Onnx;

namespace Shared.Scoring.Tests.Operators;

public sealed class SoftmaxOperatorTests
{
    [Fact]
    public void Run_EveryWidthAndScale_SameBits()
    {
        foreach (int width in Enumerable.Range(1, 50).Append(100).Append(333))
        {
            ModelProto graph = GraphBuilder.Matrix(width).Standard("Softmax", "x", "y", GraphBuilder.Set("axis", 1)).Output("y").Build();
            foreach (float scale in (float[])[1e-3f, 1, 8, 60, 120, 1e6f])
            {
                SameBits.AssertEqual(graph, "y", TestRows.Spread(width, 150, width, scale));
            }
        }
    }

    [Fact]
    public void Run_ScoresOfBoosting_SameBits() => SameBits.AssertEqual(
        GraphBuilder.Matrix(5).Standard("Softmax", "x", "y").Output("y").Build(), "y", TestRows.Spread(1, 200_000, 5, 6));

    [Fact]
    public void Run_InfinitiesAndNan_SameBits()
    {
        foreach (int width in (int[])[1, 2, 5, 9, 17, 40])
        {
            SameBits.AssertEqual(
                GraphBuilder.Matrix(width).Standard("Softmax", "x", "y", GraphBuilder.Set("axis", -1)).Output("y").Build(), "y",
                TestRows.Make(width, 300, width));
        }
    }

    [Fact]
    public void Read_AlongRows_Unsupported() => Assert.Equal("Softmax", SameBits.TryCompile(
        GraphBuilder.Matrix(3).Standard("Softmax", "x", "y", GraphBuilder.Set("axis", 0)).Output("y").Build(), "y", out _)?.Operator);
}
