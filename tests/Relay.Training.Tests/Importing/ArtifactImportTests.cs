using Google.Protobuf;
using Relay.Training.Importing;
using Relay.Training.Reproducing;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests.Importing;

/// <summary>Files that training without a relay wrote, as they are and changed by their sender.</summary>
public sealed class ArtifactImportTests
{
    [Fact]
    public void Detect_FileOfOurs_IsAnArtifact() =>
        Assert.Equal(ImportFormat.Artifact, ImportFormats.Detect(Train(TaskRows.Spec("classes")).Artifact));

    [Fact]
    public void Find_FilesThatDiffer_NamesTheFirstPlace()
    {
        byte[] file = Train(TaskRows.Spec("classes")).Artifact;
        byte[] head = Change(file, model => model.ProducerName = "other");
        byte[] input = Change(file, model => model.Graph.Input[1].Name = "other");
        byte[] leaf = Change(file, model => Attribute(model, "target_weights").Floats[3] += 1);
        byte[] metadata = Change(file, model => model.MetadataProps[1].Value = "2");

        Assert.Null(ArtifactDifference.Find(file, [.. file]));
        Assert.StartsWith("the head of the file", ArtifactDifference.Find(file, head), StringComparison.Ordinal);
        Assert.StartsWith("input 1 'protocol'", ArtifactDifference.Find(file, input), StringComparison.Ordinal);
        Assert.Matches("^node [0-9]+ 'probabilities' .TreeEnsembleRegressor., attribute [0-9]+ 'target_weights', element 3: ",
            ArtifactDifference.Find(file, leaf));
        Assert.Equal("metadata 1 'relay.version', character 0: 1 and 2", ArtifactDifference.Find(file, metadata));
    }

    [Theory]
    [InlineData("encoder", TrainingFault.InvalidModelFile)]
    [InlineData("operator", TrainingFault.InvalidModelFile)]
    [InlineData("schema", TrainingFault.InvalidModelFile)]
    [InlineData("spec", TrainingFault.InvalidSpec)]
    [InlineData("class", TrainingFault.InvalidSpec)]
    public void Import_FileThatWasChangedOrIsOfAnotherSpec_IsRefused(string change, TrainingFault fault)
    {
        ModelSpec spec = TaskRows.Spec("classes");
        byte[] file = Change(Train(spec).Artifact, model =>
        {
            switch (change)
            {
                case "encoder":
                    Attribute(model, "values_floats").Floats[0] = 7;
                    break;
                case "operator":
                    model.Graph.Node.Add(new NodeProto { OpType = "Loop", Name = "loop" });
                    break;
                case "schema":
                    model.MetadataProps.Single(p => p.Key == ModelMetadataKeys.Schema).Value = "{}";
                    break;
            }
        });
        ModelSpec given = change switch
        {
            "spec" => spec with { Columns = [.. spec.Columns.Select(c => c.Name == "rate" ? c with { Name = "speed" } : c)] },
            "class" => spec with { Label = new LabelSpec { Benign = "nothing" } },
            _ => spec,
        };

        TrainingException refused = Assert.Throws<TrainingException>(
            () => new ImportPipeline().Run(
                new ImportJob(given, 1, "model.onnx", file, "nowhere.csv"), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(fault, refused.Fault);
    }

    private static AttributeProto Attribute(ModelProto model, string name) =>
        model.Graph.Node.SelectMany(n => n.Attribute).First(a => a.Name == name);

    private static byte[] Change(byte[] file, Action<ModelProto> change)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        change(model);
        return model.ToByteArray();
    }

    private static TrainedModel Train(ModelSpec spec) =>
        TrainingPipeline.CreateDefault().Run(TaskRows.Job(spec), cancellationToken: TestContext.Current.CancellationToken);
}
