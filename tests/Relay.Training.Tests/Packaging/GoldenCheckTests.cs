using Google.Protobuf;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Relay.Training.Tests.Export;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests.Packaging;

public sealed class GoldenCheckTests
{
    private static readonly string[] Classes = RandomEnsembles.Classes(3);
    private static readonly TreeModel Model = Fitted(seed: 4);
    private static readonly ModelSchema Schema = Model.Schema;
    private static readonly ModelProto Graph = OnnxGraphWriter.Write(Model);

    [Fact]
    public void Build_OwnAnswers_Accepted()
    {
        byte[] artifact = ArtifactBuilder.Build(Graph, Describe(Answers()));

        Assert.True(ArtifactInspector.Inspect(artifact, "x").IsAccepted);
    }

    [Fact]
    public void Build_OneBitOfAnAnswerChanged_GoldenFailed()
    {
        GoldenVectors golden = Answers();
        List<IReadOnlyList<uint>> bits = [.. golden.OutputBits];
        bits[17] = [bits[17][0], bits[17][1] ^ 1, bits[17][2]];

        TrainingException e = Assert.Throws<TrainingException>(
            () => ArtifactBuilder.Build(Graph, Describe(golden with { OutputBits = bits })));

        Assert.Equal(TrainingFault.GoldenFailed, e.Fault);
    }

    [Fact]
    public void Build_LabelChanged_GoldenFailed()
    {
        GoldenVectors golden = Answers();
        List<string> labels = [.. golden.Labels];
        labels[3] = Classes.First(c => c != labels[3]);

        TrainingException e = Assert.Throws<TrainingException>(() => ArtifactBuilder.Build(Graph, Describe(golden with { Labels = labels })));

        Assert.Equal(TrainingFault.GoldenFailed, e.Fault);
    }

    [Fact]
    public void Build_OtherTrees_GoldenFailed()
    {
        ModelProto other = OnnxGraphWriter.Write(Fitted(seed: 5));

        TrainingException e = Assert.Throws<TrainingException>(() => ArtifactBuilder.Build(other, Describe(Answers())));

        Assert.Equal(TrainingFault.GoldenFailed, e.Fault);
    }

    [Fact]
    public void Build_LeafThatIsNaN_InvalidGraph()
    {
        ModelProto spoiled = Graph.Clone();
        NodeProto trees = spoiled.Graph.Node.Single(n => n.OpType == OnnxNames.TreeEnsembleRegressor);
        trees.Attribute.Single(a => a.Name == "target_weights").Floats[0] = float.NaN;

        TrainingException e = Assert.Throws<TrainingException>(() => ArtifactBuilder.Build(spoiled, Describe(Answers())));

        Assert.Equal(TrainingFault.InvalidGraph, e.Fault);
    }

    [Fact]
    public void Build_SameDescription_SameBytes()
    {
        GoldenVectors golden = Answers();

        Assert.Equal(ArtifactBuilder.Build(Graph, Describe(golden)), ArtifactBuilder.Build(Graph, Describe(golden)));
    }

    private static TreeModel Fitted(int seed) => TreeModel.Classifier(
        RandomEnsembles.Make(seed, 4, 3, Link.Softmax, 30, 5), RandomEnsembles.NumberEncodings(4), Classes);

    private static GoldenVectors Answers()
    {
        using OnnxSession session = new(Graph.ToByteArray(), Schema);
        float[][] columns = RandomEnsembles.Columns(9, 4, 50);
        NumberColumn[] finite =
            [.. columns.Select((c, i) => new NumberColumn($"f{i}", Array.ConvertAll(c, v => float.IsInfinity(v) ? 2.5f : v)))];
        return GoldenCheck.Answer(session, finite, 50, Schema);
    }

    private static ArtifactDescription Describe(GoldenVectors golden) => new()
    {
        Name = "golden",
        Version = 1,
        Schema = Schema,
        SchemaHash = Schema.Hash(),
        Golden = golden,
        Metrics = null,
        DataDigest = null,
    };
}
