using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Tests.Operators;

/// <summary>Operators that stand before trees.</summary>
public sealed class EncoderOperatorTests
{
    private const int Width = 4;
    private static readonly string[] Texts = ["tcp", "udp", "größer", "🙂"];
    private static readonly TestRows Rows = TestRows.Make(5, 300, Width);

    [Fact]
    public void Scaler_PerColumnAndForAll_SameBits()
    {
        Hold("Scaler", GraphOf.Set("offset", (float[])[0.1f, -2, 0, 1e30f]), GraphOf.Set("scale", (float[])[3, -0.3f, 1e-30f, 0.7f]));
        Hold("Scaler", GraphOf.Set("offset", (float[])[0.1f]), GraphOf.Set("scale", (float[])[0.3f]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Imputer_AnyValue_SameBits(float replaced)
    {
        Hold("Imputer", GraphOf.Set("imputed_value_floats", (float[])[5, 6, 7, 8]), GraphOf.Set("replaced_value_float", replaced));
        Hold("Imputer", GraphOf.Set("imputed_value_floats", (float[])[-1]), GraphOf.Set("replaced_value_float", replaced));
    }

    [Theory]
    [InlineData("MAX")]
    [InlineData("L1")]
    [InlineData("L2")]
    public void Normalizer_EveryNorm_SameBits(string norm)
    {
        ModelProto graph = GraphOf.Matrix(Width).Learning("Normalizer", "x", "y", GraphOf.Set("norm", norm)).Output("y").Build();
        SameBits.Hold(graph, "y", TestRows.Spread(1, 500, Width, 10));
        SameBits.Hold(graph, "y", new TestRows(2, [0, 0, 0, 0, -1, -2, 0, -0f], []));
    }

    [Fact]
    public void LabelEncoder_TextsKnownAndNot_SameBits()
    {
        ModelProto graph = new GraphOf().Input("t", DataType.String)
            .Learning(
                "LabelEncoder", "t", "y", GraphOf.Set("keys_strings", Texts),
                GraphOf.Set("values_floats", (float[])[4, 3, -0f, float.NaN]), GraphOf.Set("default_float", 9f))
            .Output("y").Build();

        SameBits.Hold(graph, "y", TestRows.Make(1, 100, 0, 1, Texts));
    }

    [Fact]
    public void LabelEncoder_KeyThatStandsTwice_Unsupported() => Assert.Equal("LabelEncoder", SameBits.TryCompile(
        new GraphOf().Input("t", DataType.String)
            .Learning(
                "LabelEncoder", "t", "y", GraphOf.Set("keys_strings", (string[])["a", "a"]), GraphOf.Set("values_floats", (float[])[1, 2]))
            .Output("y").Build(),
        "y", out _)?.Operator);

    [Fact]
    public void OneHotEncoder_ThenReshapedAndJoined_SameBits()
    {
        ModelProto graph = new GraphOf().Input("n", DataType.Float).Input("t", DataType.String).Input("u", DataType.String)
            .Constant("shape", (long[])[-1, 4], 2).Constant("one", (long[])[1], 1)
            .Learning("OneHotEncoder", "t", "th", GraphOf.Set("cats_strings", Texts), GraphOf.Set("zeros", 1))
            .Learning("OneHotEncoder", "u", "uh", GraphOf.Set("cats_strings", Texts))
            .Standard("Reshape", "th shape", "tr").Standard("Squeeze", "uh one", "ur")
            .Standard("Concat", "tr n ur", "y", GraphOf.Set("axis", 1)).Output("y").Build();

        SameBits.Hold(graph, "y", TestRows.Make(1, 100, 1, 2, Texts));
    }

    private static void Hold(string operation, params AttributeProto[] attributes) =>
        SameBits.Hold(GraphOf.Matrix(Width).Learning(operation, "x", "y", attributes).Output("y").Build(), "y", Rows);
}
