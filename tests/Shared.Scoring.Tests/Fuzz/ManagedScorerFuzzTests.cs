using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Relay.TestKit.Fuzz;
using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Shared.Scoring.Tests.Fuzz;

/// <summary>Altered models in the managed scorer: each is refused by the inspector, left to ONNX Runtime, or scored as there, to the
/// bit.</summary>
[Collection(FuzzTests.Name)]
public sealed class ManagedScorerFuzzTests
{
    private const int Width = 4;
    private static readonly TestRows Rows = TestRows.Make(1, 12, Width);

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    public void Compile_AlteredModelThatWasInspected_ScoresAsOnnxRuntimeOrLeavesItThere()
    {
        TestModel model = TestModel.Create(numbers: Width, trees: 3, depth: 3);
        byte[][] valid = [model.Onnx, .. Others(model)];
        int[] scored = new int[valid.Length];

        FuzzRun.ForAll(20_000, ProtobufMutator.Apply, valid, (input, file) =>
        {
            if (ArtifactInspector.Inspect(file, "x").IsAccepted && Scores(ModelProto.Parser.ParseFrom(file)))
            {
                scored[input]++;
            }
        }, longFactor: 5);

        Assert.DoesNotContain(0, scored);
    }

    private static bool Scores(ModelProto model)
    {
        if (SameBits.TryCompile(model, ModelSchema.ProbabilitiesOutput, out _) is not null)
        {
            return false;
        }

        try
        {
            SameBits.AssertEqual(model, ModelSchema.ProbabilitiesOutput, Rows);
            return true;
        }
        catch (OnnxRuntimeException)
        {
            // ONNX Runtime also validates what the output does not need.
            return false;
        }
    }

    // The operators that our writer does not use, with the inputs and golden vectors of one of our models.
    private static IEnumerable<byte[]> Others(TestModel model)
    {
        string[] classes = [.. model.Schema.Classes];
        RandomTrees trees = new(1, Width, 4, 3, RandomTrees.Modes, (_, tree) => [tree % 3]);
        yield return With(
            model, new NodeProto { OpType = OnnxNames.TreeEnsembleClassifier, Domain = OnnxNames.MachineLearning, Output = { "unused", "raw" } },
            [GraphBuilder.Set("classlabels_strings", classes), GraphBuilder.Set("post_transform", "LOGISTIC"), .. trees.Attributes("class")]);

        RandomV5Trees compact = new(1, Width, 3, 4, 3, [0, 1, 2, 3, 4, 5]);
        yield return With(
            model, new NodeProto { OpType = OnnxNames.TreeEnsemble, Domain = OnnxNames.MachineLearning, Output = { "raw" } },
            compact.Attributes());

        RandomTrees mean = new(2, Width, 4, 3, RandomTrees.Modes, (random, _) => [.. Enumerable.Range(0, 3).Where(_ => random.Next(2) == 0)]);
        yield return With(
            model, new NodeProto { OpType = OnnxNames.TreeEnsembleRegressor, Domain = OnnxNames.MachineLearning, Output = { "raw" } },
            [GraphBuilder.Set("n_targets", 3), GraphBuilder.Set("aggregate_function", "AVERAGE"), .. mean.Attributes("target")]);
    }

    private static byte[] With(TestModel model, NodeProto trees, AttributeProto[] attributes)
    {
        ModelProto graph = ModelProto.Parser.ParseFrom(model.Onnx);
        NodeProto old = graph.Graph.Node.Single(n => n.OpType == OnnxNames.TreeEnsembleRegressor);
        trees.Input.Add("scaled");
        trees.Attribute.AddRange(attributes);
        NodeProto scaler = new() { OpType = "Scaler", Domain = OnnxNames.MachineLearning, Input = { old.Input[0] }, Output = { "scaled" } };
        scaler.Attribute.Add(GraphBuilder.Set("offset", (float[])[0, 1, 0, -1]));
        scaler.Attribute.Add(GraphBuilder.Set("scale", (float[])[1, 2, 1, 0.5f]));
        int at = graph.Graph.Node.IndexOf(old);
        graph.Graph.Node[at] = scaler;
        graph.Graph.Node.Insert(at + 1, trees);
        foreach (NodeProto node in graph.Graph.Node.Skip(at + 2))
        {
            node.Input[0] = node.Input[0] == old.Output[0] ? "raw" : node.Input[0];
        }

        if (trees.OpType == OnnxNames.TreeEnsemble)
        {
            graph.OpsetImport.Single(o => o.Domain == OnnxNames.MachineLearning).Version = 5;
        }

        return graph.ToByteArray();
    }
}
