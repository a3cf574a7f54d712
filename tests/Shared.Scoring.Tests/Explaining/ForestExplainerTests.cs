using Google.Protobuf;
using Relay.TestKit.Models;
using Relay.Training.Models;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Scoring.Compilation;
using Shared.Scoring.Explaining;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Sync.Client;
using Sync.Client.OnnxRuntime;
using Sync.Client.Scoring;

namespace Shared.Scoring.Tests.Explaining;

public sealed class ForestExplainerTests
{
    [Theory]
    [InlineData(4, 0)]
    [InlineData(2, 3)]
    public void Explain_GoldenRows_AddsUpToTheRawScoreOfTheChosenClass(int numbers, int categories)
    {
        TestModel model = TestModel.Create(numbers: numbers, categories: categories, trees: 30);
        ModelScorer scorer = Load(model);
        GraphPlan raw = RawScores(model);
        bool categoryCounted = false;

        for (int row = 0; row < model.Golden.Labels.Count; row++)
        {
            float[] scores = new float[model.Schema.Classes.Count];
            raw.Run(model.NumbersOf(row), model.CategoriesOf(row), 1, scores);

            Explanation found = scorer.Explain(model.NumbersOf(row), model.CategoriesOf(row));

            Assert.Equal(model.Golden.Labels[row], found.Label);
            Assert.Equal(scores[model.Schema.Classes.ToList().IndexOf(found.Label!)], found.Score, 1e-4);
            Assert.Equal(found.Score, found.Baseline + found.Contributions.Sum(c => c.Contribution), 1e-9);
            Assert.Equal(model.Schema.Inputs.Select(i => i.Name), found.Contributions.Select(c => c.Input));
            Assert.Equal((1, model.Sha256), (found.Version, found.Sha256));
            categoryCounted |= found.Contributions.Take(categories).Any(c => c.Contribution != 0);
        }

        Assert.Equal(categories > 0, categoryCounted);
        scorer.Retire();
    }

    [Theory]
    [InlineData(ModelTask.Regression)]
    [InlineData(ModelTask.AnomalyDetection)]
    public void Explain_OtherTasksOfTrees_AddsUpToo(ModelTask task)
    {
        TestModel model = TestModel.ForTask(task);
        ModelScorer scorer = Load(model);
        float[] score = new float[1];
        RawScores(model).Run(model.NumbersOf(0), [], 1, score);

        Explanation found = scorer.Explain(model.NumbersOf(0), []);

        Assert.Null(found.Label);
        Assert.Equal(score[0], found.Score, 1e-4);
        scorer.Retire();
    }

    [Fact]
    public void Explain_ModelWithoutTreesAndRowOfTheWrongWidth_AreRefusedByType()
    {
        TestModel scaler = TestModel.ForTask(ModelTask.Scaling);
        ModelScorer scaling = Load(scaler);
        ModelScorer trees = Load(TestModel.Create());

        RelayModelException refused = Assert.Throws<RelayModelException>(() => scaling.Explain(new float[4], []));
        Assert.Equal(RelayModelFault.NotExplainable, refused.Fault);
        Assert.Contains("0 ensembles where one can be explained", refused.Message, StringComparison.Ordinal);
        Assert.Equal(RelayModelFault.WrongWidth, Assert.Throws<RelayModelException>(() => trees.Explain(new float[3], [])).Fault);
        scaling.Retire();
        trees.Retire();
    }

    [Fact]
    public void Compile_FileThatCountsLeaves_WeighsThemByIt()
    {
        TreeEnsemble plain = RandomEnsemble.Create(2, 2, trees: 1, depth: 1, seed: 3);
        TreeModel counted = TreeModel.Classifier(
            plain with { LeafCounts = [[0, 30, 10]] }, [new("f0", null), new("f1", null)], ["a", "b"]);
        float[] leaves = plain.Trees[0].LeafValues;

        ForestExplainer.Load(OnnxGraphWriter.Write(counted).ToByteArray(), counted.Schema, out ForestExplainer? explainer);
        Attribution found = explainer!.Explain([0.5f, 0.5f], [], label: 0);

        Assert.Equal((0.75 * leaves[0]) + (0.25 * leaves[1]), found.Baseline, 1e-6);
    }

    [Fact]
    public void Explain_CategoryThatBecomesSeveralColumns_IsOneInput()
    {
        TreeModel model = TreeModel.Classifier(
            RandomEnsemble.Create(3, 2, trees: 20, depth: 3, seed: 5),
            [new("agent", ["a", "b"]) { Statistics = [[0.1f, 0.9f], [0.8f, 0.2f]] }, new("size", null)], ["x", "y"]);
        byte[] onnx = OnnxGraphWriter.Write(model).ToByteArray();

        Assert.Null(ForestExplainer.Load(onnx, model.Schema, out ForestExplainer? explainer));
        Attribution found = explainer!.Explain([0.5f], ["b"], label: 1);

        Assert.Equal(2, found.ByInput.Length);
        Assert.NotEqual(0, found.ByInput[0]);
        Assert.Equal(found.Score, found.Baseline + found.ByInput.Sum(), 1e-9);
    }

    /// <summary>An operator before the trees is attributed through as the catalog declares it, or not at all.</summary>
    [Theory]
    [InlineData("Scaler", true)]
    [InlineData("Normalizer", false)]
    public void Load_OperatorBeforeTheTrees_IsExplainableUnlessItMixesColumns(string operation, bool isExplainable)
    {
        TestModel model = TestModel.Create(numbers: 4);
        ModelProto graph = ModelProto.Parser.ParseFrom(model.Onnx);
        NodeProto trees = graph.Graph.Node.Single(n => n.OpType == OnnxNames.TreeEnsembleRegressor);
        NodeProto inserted = new()
        {
            OpType = operation,
            Domain = OnnxNames.MachineLearning,
            Input = { trees.Input[0] },
            Output = { "inserted" },
        };
        inserted.Attribute.Add(operation is "Scaler"
            ? [GraphBuilder.Set("offset", (float[])[0]), GraphBuilder.Set("scale", (float[])[2])]
            : (AttributeProto[])[GraphBuilder.Set("norm", "L2")]);
        trees.Input[0] = "inserted";
        graph.Graph.Node.Insert(graph.Graph.Node.IndexOf(trees), inserted);

        Unsupported? unsupported = ForestExplainer.Load(graph.ToByteArray(), model.Schema, out ForestExplainer? explainer);

        Assert.Equal(isExplainable, explainer is not null);
        Assert.Equal(isExplainable ? null : new Unsupported("trees", "a column that is made of several inputs"), unsupported);
    }

    private static ModelScorer Load(TestModel model)
    {
        Unsupported? whyNot = ForestExplainer.Load(model.Onnx, model.Schema, out ForestExplainer? explainer);
        ActiveModelVersion version =
            new(model.Description.Name, model.Description.Version, model.Sha256, model.Schema) { Offset = model.Description.Offset };
        return new ModelScorer(OnnxScorer.Load(model.Onnx, model.Schema), version) { Explaining = (explainer, $"{whyNot}") };
    }

    private static GraphPlan RawScores(TestModel model)
    {
        ModelProto graph = ModelProto.Parser.ParseFrom(model.Onnx);
        string trees = graph.Graph.Node.Single(n => n.OpType == "TreeEnsembleRegressor").Output[0];
        Assert.Null(GraphCompiler.Compile(
            graph, [.. model.Schema.Inputs.Select(i => i.Name)], trees, forest => new InterleavedKernel(forest), out GraphPlan? plan));
        return plan!;
    }
}
