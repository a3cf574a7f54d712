using Shared.Contracts.Onnx;

namespace Shared.Scoring.Tests.Ensembles;

public sealed class RegressorOperatorTests
{
    private const int Features = 5;

    [Fact]
    public void Run_EveryModeAlone_SameBits()
    {
        foreach (string mode in RandomTrees.Modes)
        {
            for (int seed = 0; seed < 4; seed++)
            {
                AssertSameBits(new RandomTrees(seed, Features, trees: 8, depth: 4, [mode], (_, tree) => [tree % 3]), outputs: 3);
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 30, 4)]
    [InlineData(2, 40, 5)]
    [InlineData(7, 21, 3)]
    [InlineData(50, 60, 4)]
    public void Run_MixedModes_SameBits(int outputs, int trees, int depth)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            AssertSameBits(new RandomTrees(seed, Features, trees, depth, RandomTrees.Modes, (_, tree) => [tree % outputs]), outputs);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    public void Run_LeavesThatNameSomeOutputs_SameBits(int outputs)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            SameBits.AssertEqual(
                Graph(new RandomTrees(seed, Features, 20, 4, RandomTrees.Modes, Some), outputs, []), "y",
                TestRows.Make(seed, 200, Features));
        }

        int[] Some(Random random, int tree) => [.. Enumerable.Range(0, outputs).Where(_ => random.Next(3) == 0)];
    }

    [Fact]
    public void Run_SumsThatOverflow_SameBits() => AssertSameBits(
        new RandomTrees(1, Features, 12, 3, RandomTrees.Modes, (_, _) => [0, 1], r => TestRows.Values[r.Next(18)] * 0.9f), outputs: 2);

    [Theory]
    [InlineData("SUM")]
    [InlineData("AVERAGE")]
    public void Run_EveryTransform_SameBits(string aggregate)
    {
        foreach (string transform in (string[])["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"])
        {
            foreach (int outputs in (int[])[1, 2, 3, 6])
            {
                AssertSameBits(
                    new RandomTrees(outputs, Features, 12, 4, RandomTrees.Modes, (_, tree) => [tree % outputs], r => r.NextSingle() - 0.3f),
                    outputs, GraphBuilder.Set("aggregate_function", aggregate), GraphBuilder.Set("post_transform", transform));
            }
        }
    }

    [Fact]
    public void Run_OutputThatNoLeafNames_HasNoBaseValueEither() =>
        AssertSameBits(new RandomTrees(1, Features, 6, 3, RandomTrees.Modes, (_, tree) => [tree % 2]), outputs: 4);

    [Fact]
    public void Read_BaseValueForAnOutputThatSomeRowsReach_Unsupported() => Assert.NotNull(SameBits.TryCompile(
        Graph(new RandomTrees(2, Features, 3, 3, RandomTrees.Modes, (r, _) => [r.Next(2)]), 2, [1, 1]), "y", out _));

    [Theory]
    [InlineData("MIN")]
    [InlineData("MAX")]
    public void Read_OtherAggregates_Unsupported(string aggregate)
    {
        RandomTrees trees = new(1, Features, 2, 2, RandomTrees.Modes, (_, _) => [0]);

        Assert.NotNull(SameBits.TryCompile(Graph(trees, 1, [], GraphBuilder.Set("aggregate_function", aggregate)), "y", out _));
    }

    [Fact]
    public void Read_LeafThatNamesAnOutputTwice_Unsupported()
    {
        ModelProto model = Graph(new RandomTrees(1, Features, 2, 2, RandomTrees.Modes, (_, _) => [1, 1]), 2, [0, 0]);

        Assert.Equal(OnnxNames.TreeEnsembleRegressor, SameBits.TryCompile(model, "y", out _)?.Operator);
    }

    private static void AssertSameBits(RandomTrees trees, int outputs, params AttributeProto[] attributes)
    {
        TestRows rows = TestRows.Make(outputs, 200, Features);
        float[] bases = [.. Enumerable.Range(0, outputs).Select(i => i * 0.3f - 0.7f)];
        SameBits.AssertEqual(Graph(trees, outputs, [], attributes), "y", rows);
        SameBits.AssertEqual(Graph(trees, outputs, bases, attributes), "y", rows);
    }

    private static ModelProto Graph(RandomTrees trees, int outputs, float[] bases, params AttributeProto[] attributes) =>
        GraphBuilder.Matrix(Features)
        .Learning(
            OnnxNames.TreeEnsembleRegressor, "x", "y",
            [
                GraphBuilder.Set("n_targets", outputs), .. bases.Length == 0 ? [] : new[] { GraphBuilder.Set("base_values", bases) }, .. attributes,
                .. trees.Attributes("target"),
            ])
        .Output("y").Build();
}
