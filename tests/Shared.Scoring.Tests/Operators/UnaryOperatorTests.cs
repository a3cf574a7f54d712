using Shared.Contracts.Onnx;

namespace Shared.Scoring.Tests.Operators;

public sealed class UnaryOperatorTests
{
    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("Neg")]
    [InlineData("Abs")]
    [InlineData("Sqrt")]
    public void Run_AnyNumber_SameBits(string operation)
    {
        foreach (int width in (int[])[1, 3, 8, 21])
        {
            ModelProto graph = GraphBuilder.Matrix(width).Standard(operation, "x", "y").Output("y").Build();
            SameBits.AssertEqual(graph, "y", TestRows.Make(width, 500, width));
            foreach (float scale in (float[])[1e-6f, 1, 10, 25, 100])
            {
                SameBits.AssertEqual(graph, "y", TestRows.Spread(width, 5000, width, scale));
            }
        }
    }
}
