using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Tests.Operators;

/// <summary>Operators before trees.</summary>
public sealed class EncoderOperatorTests
{
    private const int Width = 4;
    private static readonly string[] Texts = ["tcp", "udp", "größer", "🙂"];
    private static readonly TestRows Rows = TestRows.Make(5, 300, Width);

    [Fact]
    public void Scaler_PerColumnAndForAll_SameBits()
    {
        AssertSameBits("Scaler", GraphBuilder.Set("offset", (float[])[0.1f, -2, 0, 1e30f]), GraphBuilder.Set(
            "scale", (float[])[3, -0.3f, 1e-30f, 0.7f]));
        AssertSameBits("Scaler", GraphBuilder.Set("offset", (float[])[0.1f]), GraphBuilder.Set("scale", (float[])[0.3f]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Imputer_AnyValue_SameBits(float replaced)
    {
        AssertSameBits(
            "Imputer", GraphBuilder.Set("imputed_value_floats", (float[])[5, 6, 7, 8]), GraphBuilder.Set("replaced_value_float", replaced));
        AssertSameBits("Imputer", GraphBuilder.Set("imputed_value_floats", (float[])[-1]), GraphBuilder.Set("replaced_value_float", replaced));
    }

    [Theory]
    [InlineData("MAX")]
    [InlineData("L1")]
    [InlineData("L2")]
    public void Normalizer_EveryNorm_SameBits(string norm)
    {
        ModelProto graph = GraphBuilder.Matrix(Width).Learning("Normalizer", "x", "y", GraphBuilder.Set("norm", norm)).Output("y").Build();
        SameBits.AssertEqual(graph, "y", TestRows.Spread(1, 500, Width, 10));
        SameBits.AssertEqual(graph, "y", new TestRows(2, [0, 0, 0, 0, -1, -2, 0, -0f], []));
    }

    [Fact]
    public void LabelEncoder_TextsKnownAndNot_SameBits()
    {
        ModelProto graph = new GraphBuilder().Input("t", DataType.String)
            .Learning(
                "LabelEncoder", "t", "y", GraphBuilder.Set("keys_strings", Texts),
                GraphBuilder.Set("values_floats", (float[])[4, 3, -0f, float.NaN]), GraphBuilder.Set("default_float", 9f))
            .Output("y").Build();

        SameBits.AssertEqual(graph, "y", TestRows.Make(1, 100, 0, 1, Texts));
    }

    [Fact]
    public void Encoders_ReplacementCharacterNulAndHalvesOfSurrogatePairs_SameBits()
    {
        string[] texts = ["caf\ufffd", "\ufffd", "a", ""];
        TestRows rows = new(10, [], ["caf\ufffd", "caf\ud800", "\udc00", "\ufffd", "\ufffd\ufffd", "a", "a\0", "a\0b", "\0", ""]);

        SameBits.AssertEqual(
            new GraphBuilder().Input("t", DataType.String)
                .Learning("LabelEncoder", "t", "y", GraphBuilder.Set("keys_strings", texts), GraphBuilder.Set("values_floats", (float[])[4, 3, 2, 1]),
                    GraphBuilder.Set("default_float", 9f))
                .Output("y").Build(),
            "y", rows);
        SameBits.AssertEqual(
            new GraphBuilder().Input("t", DataType.String).Learning("OneHotEncoder", "t", "y", GraphBuilder.Set("cats_strings", texts)).Output("y")
                .Build(),
            "y", rows);
    }

    [Fact]
    public void LabelEncoder_KeyThatStandsTwice_Unsupported() => Assert.Equal("LabelEncoder", SameBits.TryCompile(
        new GraphBuilder().Input("t", DataType.String)
            .Learning(
                "LabelEncoder", "t", "y", GraphBuilder.Set("keys_strings", (string[])["a", "a"]), GraphBuilder.Set("values_floats", (float[])[1, 2]))
            .Output("y").Build(),
        "y", out _)?.Operator);

    [Fact]
    public void OneHotEncoder_ThenReshapedAndJoined_SameBits()
    {
        ModelProto graph = new GraphBuilder().Input("n", DataType.Float).Input("t", DataType.String).Input("u", DataType.String)
            .Constant("shape", (long[])[-1, 4], 2).Constant("one", (long[])[1], 1)
            .Learning("OneHotEncoder", "t", "th", GraphBuilder.Set("cats_strings", Texts), GraphBuilder.Set("zeros", 1))
            .Learning("OneHotEncoder", "u", "uh", GraphBuilder.Set("cats_strings", Texts))
            .Standard("Reshape", "th shape", "tr").Standard("Squeeze", "uh one", "ur")
            .Standard("Concat", "tr n ur", "y", GraphBuilder.Set("axis", 1)).Output("y").Build();

        SameBits.AssertEqual(graph, "y", TestRows.Make(1, 100, 1, 2, Texts));
    }

    private static void AssertSameBits(string operation, params AttributeProto[] attributes) =>
        SameBits.AssertEqual(GraphBuilder.Matrix(Width).Learning(operation, "x", "y", attributes).Output("y").Build(), "y", Rows);
}
