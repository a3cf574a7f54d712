using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Tests.Operators;

/// <summary>Operators after trees.</summary>
public sealed class BinaryOperatorTests
{
    private const int Width = 3;

    [Theory]
    [InlineData("Add")]
    [InlineData("Sub")]
    [InlineData("Mul")]
    [InlineData("Div")]
    public void Arithmetic_EveryShape_SameBits(string operation)
    {
        foreach (GraphBuilder graph in Shapes())
        {
            SameBits.AssertEqual(graph.Standard(operation, "x c", "y").Standard(operation, "c x", "z").Standard(operation, "y z", "w")
                .Output("w").Build(), "w", TestRows.Make(1, 300, Width));
        }
    }

    [Theory]
    [InlineData("Less")]
    [InlineData("LessOrEqual")]
    [InlineData("Greater")]
    [InlineData("GreaterOrEqual")]
    public void Comparison_ThenCast_SameBits(string operation)
    {
        foreach (GraphBuilder graph in Shapes())
        {
            ModelProto model = graph.Standard(operation, "x c", "y").Standard("Cast", "y", "z", GraphBuilder.Set("to", (long)DataType.Float))
                .Output("z").Build();
            SameBits.AssertEqual(model, "z", TestRows.Make(1, 300, Width));
        }
    }

    [Theory]
    [InlineData(2f)]
    [InlineData(0.5f)]
    [InlineData(10f)]
    public void Pow_OfAConstant_SameBits(float power)
    {
        ModelProto graph = GraphBuilder.Matrix(1).Constant("c", [power], 1).Standard("Pow", "c x", "y").Output("y").Build();
        SameBits.AssertEqual(graph, "y", TestRows.Spread(1, 100_000, 1, 2));
        SameBits.AssertEqual(graph, "y", TestRows.Make(1, 300, 1));
    }

    [Fact]
    public void Pow_ToAConstant_Unsupported() => Assert.Equal("Pow", SameBits.TryCompile(
        GraphBuilder.Matrix(1).Constant("c", [2f], 1).Standard("Pow", "x c", "y").Output("y").Build(), "y", out _)?.Operator);

    [Fact]
    public void Where_OfConstants_SameBits()
    {
        ModelProto graph = GraphBuilder.Matrix(Width).Constant("c", [0.5f]).Constant("a", [1f, 2, 3], Width).Constant("b", [-1f], 1)
            .Standard("Less", "x c", "l").Standard("Where", "l a b", "y").Output("y").Build();

        SameBits.AssertEqual(graph, "y", TestRows.Make(1, 300, Width));
    }

    [Fact]
    public void AnomalyTail_OfAnIsolationForest_SameBitsAndLabels()
    {
        RandomTrees trees = new(1, Width, 100, 6, ["BRANCH_LEQ"], (_, _) => [0], r => -r.NextSingle() / 100);
        ModelProto graph = GraphBuilder.Matrix(Width).Constant("two", [2f], 1).Constant("offset", [-0.7f], 1).Constant("axis", (long[])[1], 1)
            .Learning(OnnxNames.TreeEnsembleRegressor, "x", "raw", [GraphBuilder.Set("n_targets", 1), .. trees.Attributes("target")])
            .Standard("Pow", "two raw", "power").Standard("Neg", "power", "score").Standard("Less", "score offset", "below")
            .Standard("Cast", "below", "indices", GraphBuilder.Set("to", (long)DataType.Int64)).Standard("Squeeze", "indices axis", "index")
            .Learning(
                "LabelEncoder", "index", "label", GraphBuilder.Set("keys_int64s", (long[])[0, 1]),
                GraphBuilder.Set("values_strings", (string[])["normal", "anomaly"]))
            .Output("score").Output("label", DataType.String, rank: 1).Build();
        TestRows rows = TestRows.Make(1, 300, Width);

        SameBits.AssertEqual(graph, "score", rows);
        SameBits.AssertEqual(graph, "label", rows);
    }

    private static IEnumerable<GraphBuilder> Shapes() =>
    [
        GraphBuilder.Matrix(Width).Constant("c", [0.3f]),
        GraphBuilder.Matrix(Width).Constant("c", [0.3f], 1),
        GraphBuilder.Matrix(Width).Constant("c", [0.3f, -7, 0], Width),
        GraphBuilder.Matrix(Width).Constant("c", [1, 2, 1e-40f], 1, Width),
        GraphBuilder.Matrix(Width).Standard("Neg", "x", "c"),
    ];
}
