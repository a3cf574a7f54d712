using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Tests.Ensembles;

public sealed class ClassifierOperatorTests
{
    private const int Features = 4;
    private static readonly string[] Transforms = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"];

    [Fact]
    public void Run_ManyClasses_SameBitsAndLabels()
    {
        foreach (int classes in (int[])[3, 5, 50])
        {
            AssertSameBits(classes, (_, tree) => [tree % classes], trees: classes + 7);
            AssertSameBits(classes, (_, _) => [.. Enumerable.Range(0, classes)], trees: 5);
        }
    }

    [Fact]
    public void Run_ClassesThatNoLeafNames_SameBitsAndLabels() => AssertSameBits(5, (_, tree) => [1 + tree % 3], trees: 9);

    [Fact]
    public void Run_TwoClassesBothNamed_SameBitsAndLabels()
    {
        AssertSameBits(2, (_, _) => [0, 1], trees: 9);
        AssertSameBits(2, (_, tree) => [tree % 2], trees: 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Run_TwoClassesOneNamed_SameBitsAndLabels(int named) => AssertSameBits(2, (_, _) => [named], trees: 9);

    [Fact]
    public void Run_ClassesThatAreNumbers_SameLabels()
    {
        foreach (int named in (int[])[1, 2])
        {
            RandomTrees trees = new(3, Features, 7, 3, RandomTrees.Modes, (_, _) => [.. Enumerable.Range(0, named)]);
            ModelProto graph = Graph(trees, [GraphBuilder.Set("classlabels_int64s", (long[])[30, 70])], DataType.Int64);
            SameBits.AssertEqual(graph, "label", TestRows.Make(1, 200, Features));
        }
    }

    [Fact]
    public void Read_ClassThatSomeRowsReach_Unsupported()
    {
        RandomTrees trees = new(2, Features, 3, 4, RandomTrees.Modes, (r, _) => [r.Next(3)]);

        Assert.NotNull(SameBits.TryCompile(Graph(trees, [Classes(3)], DataType.String), "scores", out _));
    }

    private static void AssertSameBits(int classes, Func<Random, int, int[]> named, int trees)
    {
        TestRows rows = TestRows.Make(classes, 150, Features);
        foreach (string transform in Transforms)
        {
            foreach (bool positive in (bool[])[true, false])
            {
                foreach (int bases in classes == 2 ? (int[])[0, 1, 2] : [0, classes])
                {
                    RandomTrees random = new(
                        bases, Features, trees, 3, RandomTrees.Modes, named, r => r.NextSingle() * 0.2f - (positive ? 0 : 0.08f));
                    ModelProto graph = Graph(
                        random,
                        [
                            Classes(classes), GraphBuilder.Set("post_transform", transform),
                            .. bases == 0 ? [] : new[] { GraphBuilder.Set("base_values", Enumerable.Range(0, bases).Select(i => 0.1f - 0.07f * i)) },
                        ],
                        DataType.String);
                    bool single = classes == 2 && bases < 2 && named(new Random(1), 0) is [0] && named(new Random(1), 1) is [0];
                    if (single && transform == "PROBIT")
                    {
                        // ONNX Runtime leaves the second score to chance.
                        Assert.NotNull(SameBits.TryCompile(graph, "scores", out _));
                        continue;
                    }

                    SameBits.AssertEqual(graph, "scores", rows);
                    SameBits.AssertEqual(graph, "label", rows);
                }
            }
        }
    }

    private static AttributeProto Classes(int count) =>
        GraphBuilder.Set("classlabels_strings", Enumerable.Range(0, count).Select(i => $"class {i}"));

    private static ModelProto Graph(RandomTrees trees, AttributeProto[] attributes, DataType label) => GraphBuilder.Matrix(Features)
        .Learning(OnnxNames.TreeEnsembleClassifier, "x", "label scores", [.. attributes, .. trees.Attributes("class")])
        .Output("label", label, rank: 1).Output("scores").Build();
}
