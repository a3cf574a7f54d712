using Relay.TestKit;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests.Packaging;

public sealed class SampleConsentTests
{
    [Fact]
    [Trait("Attack", "samples-without-consent")]
    public void Run_SpecThatLetsNodesSend_PutsTheConsentIntoTheFileThatIsSigned()
    {
        using TemporaryFolder folder = new();
        File.WriteAllLines(
            folder.Combine("train.csv"),
            ["x,y,paid", .. Enumerable.Range(0, 200).Select(i => $"{i * 37 % 101},{i % 7},{(i * 37 % 101 > 50 ? "yes" : "no")}")]);
        ModelSpec spec = new()
        {
            Name = "loans",
            Task = ModelTask.Classification,
            Algorithm = ModelAlgorithm.GradientBoosting,
            Columns = [new("x", ColumnType.Number), new("y", ColumnType.Number), new("paid", ColumnType.Label)],
            Parameters = new ModelParameters { Trees = 2, Depth = 2 },
            Gates = new Dictionary<string, GateBounds> { ["shared-rows"] = new() { Fail = 1 }, ["label-column"] = new() { Fail = 2 } },
            Samples = new("loans", ["y"]),
        };
        DataOrigin.Files files = new(folder.Combine("train.csv"), null);

        TrainedModel model = TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, files));
        TrainedModel without = TrainingPipeline.CreateDefault().Run(new TrainingJob(spec with { Samples = null }, 1, files));

        SampleConsent? consent = ArtifactInspector.Inspect(model.Artifact, "loans").Value!.Samples;
        Assert.Equal(("loans", "y"), (consent?.Dataset, consent?.Columns.Single()));
        Assert.Null(ArtifactInspector.Inspect(without.Artifact, "loans").Value!.Samples);
    }
}
