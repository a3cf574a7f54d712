using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Tests.Ensembles;

/// <summary>Base values and leaf values of either zero, in every kind of ensemble and with every number of base values.</summary>
public sealed class SignedZeroTests
{
    private const int Features = 3;
    private static readonly float[] Bases = [-0f, 0f, -0.5f, 0.25f];

    [Fact]
    public void Run_Classifiers_SameBitsAndLabelsOrLeftToOnnxRuntime()
    {
        int scored = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            int classes = 2 + random.Next(3);
            int baseCount = random.Next(3) switch { 0 => 0, 1 => classes, _ => classes == 2 ? 1 : classes };
            int[] named = [.. Enumerable.Range(0, classes).Where(_ => random.Next(3) > 0).DefaultIfEmpty(classes - 1)];
            bool perTree = random.Next(2) == 0;
            RandomTrees trees = new(
                seed, Features, 1 + random.Next(4), 2, RandomTrees.Modes, (_, tree) => perTree ? [named[tree % named.Length]] : named, Weight);
            ModelProto model = GraphBuilder.Matrix(Features).Learning(
                OnnxNames.TreeEnsembleClassifier, "x", "label scores",
                [
                    GraphBuilder.Set("classlabels_int64s", Enumerable.Range(0, classes).Select(i => (long)i)),
                    GraphBuilder.Set("post_transform", random.Next(3) == 0 ? "LOGISTIC" : "NONE"),
                    .. baseCount == 0 ? [] : new[] { GraphBuilder.Set(
                        "base_values", Enumerable.Range(0, baseCount).Select(_ => Bases[random.Next(Bases.Length)])) },
                    .. trees.Attributes("class"),
                ]).Output("label", DataType.Int64, rank: 1).Output("scores").Build();
            scored += Check(model, "scores", seed);
            Check(model, "label", seed);
        }

        Assert.InRange(scored, 200, 400);
    }

    [Fact]
    public void Run_Regressors_SameBitsOrLeftToOnnxRuntime()
    {
        int scored = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            int outputs = 1 + random.Next(3);
            RandomTrees trees = new(
                seed, Features, 1 + random.Next(4), 2, RandomTrees.Modes,
                (_, tree) => outputs == 1 ? [0] : [.. Enumerable.Range(0, outputs).Where(o => (seed + tree + o) % 3 > 0).DefaultIfEmpty(0)], Weight);
            ModelProto model = GraphBuilder.Matrix(Features).Learning(
                OnnxNames.TreeEnsembleRegressor, "x", "y",
                [
                    GraphBuilder.Set("n_targets", outputs), GraphBuilder.Set("aggregate_function", random.Next(2) == 0 ? "SUM" : "AVERAGE"),
                    .. random.Next(4) == 0 ? [] : new[] { GraphBuilder.Set(
                        "base_values", Enumerable.Range(0, outputs).Select(_ => Bases[random.Next(Bases.Length)])) },
                    .. trees.Attributes("target"),
                ]).Output("y").Build();
            scored += Check(model, "y", seed);
        }

        Assert.InRange(scored, 200, 400);
    }

    private static float Weight(Random random) => random.Next(3) switch { 0 => -0f, 1 => 0f, _ => random.NextSingle() - 0.5f };

    private static int Check(ModelProto model, string output, int seed)
    {
        if (SameBits.TryCompile(model, output, out _) is not null)
        {
            return 0;
        }

        try
        {
            SameBits.AssertEqual(model, output, TestRows.Make(seed, 30, Features));
            return 1;
        }
        catch (Xunit.Sdk.XunitException e)
        {
            throw new InvalidOperationException($"seed {seed}, {output}: {e.Message}", e);
        }
    }
}
