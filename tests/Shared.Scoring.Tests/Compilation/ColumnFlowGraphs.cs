using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Tests.Compilation;

/// <summary>Graphs that end with one operator of the catalog, whose output is "y". Every input is a single column.</summary>
internal static class ColumnFlowGraphs
{
    public static readonly string[] Texts = ["tcp", "udp", "icmp", "other"];
    private static readonly string[] KnownTexts = Texts[..3];

    /// <summary>At least one graph for each operator of the catalog: one without a graph fails its test.</summary>
    public static IEnumerable<ModelProto> Create(string operation) => operation switch
    {
        OnnxNames.TreeEnsembleRegressor => [Trees(operation, "y", "target", GraphBuilder.Set("n_targets", 2))],
        OnnxNames.TreeEnsembleClassifier =>
        [
            Trees(operation, "label y", "class", GraphBuilder.Set("classlabels_strings", (string[])["a", "b"])),
            Trees(operation, "y scores", "class", GraphBuilder.Set("classlabels_strings", (string[])["a", "b"])),
        ],
        OnnxNames.TreeEnsemble =>
        [
            Matrix("x", 3, learning: 5, standard: 21).Learning(operation, "x", "y", new RandomV5Trees(1, 3, 2, 20, 4, [0, 1, 2, 3]).Attributes())
                .Output("y").Build(),
        ],
        "LabelEncoder" =>
        [
            new GraphBuilder().Input("n", DataType.Float).Input("t", DataType.String).Learning(operation, "t", "y", TextKeys).Output("y").Build(),
            Matrix("x", 1).Constant("c", [0.1f], 1).Standard("Less", "x c", "l").Standard("Cast", "l", "i", To(DataType.Int64))
                .Learning(operation, "i", "y", GraphBuilder.Set("keys_int64s", (long[])[0, 1]), GraphBuilder.Set(
                    "values_strings", (string[])["a", "b"]))
                .Output("y", DataType.String).Build(),
        ],
        "OneHotEncoder" =>
        [
            new GraphBuilder().Input("t", DataType.String).Input("u", DataType.String)
                .Learning(operation, "u", "y", GraphBuilder.Set("cats_strings", KnownTexts)).Output("y", rank: 3).Build(),
        ],
        "Scaler" => [Learning(operation, GraphBuilder.Set("offset", (float[])[1, 2, 3]), GraphBuilder.Set("scale", (float[])[3, 2, 1]))],
        "Imputer" => [Learning(
            operation, GraphBuilder.Set("imputed_value_floats", (float[])[9]), GraphBuilder.Set("replaced_value_float", float.NaN))],
        "Normalizer" => [.. ((string[])["MAX", "L1", "L2"]).Select(norm => Learning(operation, GraphBuilder.Set("norm", norm)))],
        "Concat" =>
        [
            Matrix("x", 3).Standard(operation, "x2 x0 x1", "y", GraphBuilder.Set("axis", 1)).Output("y").Build(),
            Matrix("x", 3).Standard(operation, "x0 x1 x2", "y", GraphBuilder.Set("axis", 1)).Output("y").Build(),
        ],
        "Softmax" => [Standard(operation)],
        "Sigmoid" or "Neg" or "Abs" or "Sqrt" or "Identity" or "Flatten" => [Standard(operation)],
        "Add" or "Sub" or "Mul" or "Div" => [.. Pairs(operation, floatOutput: true)],
        "Less" or "LessOrEqual" or "Greater" or "GreaterOrEqual" => [.. Pairs(operation, floatOutput: false)],
        "Pow" => [Matrix("x", 3).Constant("c", [2f], 1).Standard(operation, "c x", "y").Output("y").Build()],
        "Where" =>
        [
            Matrix("x", 3).Constant("c", [0.1f], 1).Constant("a", [1f, 2, 3], 3).Constant("b", [-1f], 1).Standard("Less", "x c", "l")
                .Standard(operation, "l a b", "y").Output("y").Build(),
            Matrix("x", 3).AddMatrix("z", 3).Constant("c", [0.1f], 1).Constant("b", [-1f], 1).Standard("Less", "x c", "l")
                .Standard(operation, "l z b", "y").Output("y").Build(),
        ],
        "Cast" =>
        [
            Matrix("x", 3).Constant("c", [0.1f], 1).Standard("Less", "x c", "l").Standard(operation, "l", "y", To(DataType.Float)).Output("y")
                .Build(),
        ],
        "Squeeze" =>
        [
            Matrix("x", 1).Constant("axis", (long[])[1], 1).Standard("Squeeze", "x axis", "y").Output("y", rank: 1).Build(),
            OneHot().Constant("axis", (long[])[1], 1).Standard("Squeeze", "h axis", "y").Output("y").Build(),
        ],
        "Reshape" =>
        [
            Matrix("x", 3).Constant("shape", (long[])[-1, 3], 2).Standard(operation, "x shape", "y").Output("y").Build(),
            OneHot().Constant("shape", (long[])[-1, 3], 2).Standard(operation, "h shape", "y").Output("y").Build(),
        ],
        "ArgMax" =>
        [
            Matrix("x", 3).Standard(operation, "x", "y", GraphBuilder.Set("axis", 1)).Output("y", DataType.Int64).Build(),
        ],
        _ => [],
    };

    private static AttributeProto[] TextKeys =>
        [GraphBuilder.Set("keys_strings", KnownTexts), GraphBuilder.Set("values_floats", (float[])[4, 3, 7])];

    private static ModelProto Trees(string operation, string outputs, string prefix, AttributeProto attribute) => Matrix("x", 3)
        .Learning(
            operation, "x", outputs,
            [attribute, .. new RandomTrees(1, 3, 20, 4, ["BRANCH_LEQ"], (_, tree) => [tree % 2]).Attributes(prefix)])
        .Output("y").Build();

    private static ModelProto Standard(string operation) => Matrix("x", 3).Standard(operation, "x", "y").Output("y").Build();

    private static ModelProto Learning(string operation, params AttributeProto[] attributes) =>
        Matrix("x", 3).Learning(operation, "x", "y", attributes).Output("y").Build();

    // With a constant, with itself, with another matrix and with another column.
    private static IEnumerable<ModelProto> Pairs(string operation, bool floatOutput)
    {
        DataType type = floatOutput ? DataType.Float : DataType.Bool;
        yield return Matrix("x", 3).Constant("c", [0.3f, -1, 0.7f], 3).Standard(operation, "x c", "y").Output("y", type).Build();
        yield return Matrix("x", 3).Constant("c", [0.3f], 1).Standard(operation, "c x", "y").Output("y", type).Build();
        yield return Matrix("x", 3).AddMatrix("z", 3).Standard(operation, "x z", "y").Output("y", type).Build();
        yield return Matrix("x", 3).AddMatrix("z", 1).Standard(operation, "z x", "y").Output("y", type).Build();
        yield return Matrix("x", 2).Standard("Sigmoid", "x", "n").Standard(operation, "x n", "y").Output("y", type).Build();
    }

    private static GraphBuilder OneHot() => new GraphBuilder().Input("n", DataType.Float).Input("t", DataType.String)
        .Learning("OneHotEncoder", "t", "h", GraphBuilder.Set("cats_strings", KnownTexts));

    private static AttributeProto To(DataType type) => GraphBuilder.Set("to", (long)type);

    private static GraphBuilder Matrix(string name, int width, long standard = 17, long learning = 3) =>
        new GraphBuilder(standard, learning).AddMatrix(name, width);

    /// <summary>Single columns as inputs, and the tensor that joins them.</summary>
    private static GraphBuilder AddMatrix(this GraphBuilder graph, string name, int width)
    {
        string[] columns = [.. Enumerable.Range(0, width).Select(i => $"{name}{i}")];
        return columns.Aggregate(graph, (made, column) => made.Input(column, DataType.Float))
            .Standard("Concat", string.Join(' ', columns), name, GraphBuilder.Set("axis", 1));
    }
}
