using System.Text;
using System.Text.Json.Nodes;
using Relay.Training.Importing;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests.Importing;

public sealed class ImportPipelineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(SourceSemanticsTests.Models), MemberType = typeof(SourceSemanticsTests))]
    public void Run_ModelOfALibrary_BecomesAProvedFile(string name)
    {
        ImportFixture fixture = ImportFixture.Load(name);

        TrainedModel model = Run(fixture.Job(fixture.WriteHeldOut(_folder)));

        ImportSummary import = model.Card.Import!;
        Assert.True(ArtifactInspector.Inspect(model.Artifact, "imported").IsAccepted);
        Assert.Equal(name[..name.IndexOf('-', StringComparison.Ordinal)], import.Format[..import.Format.IndexOf('-', StringComparison.Ordinal)]);
        Assert.True(import.TreeRows >= import.Thresholds * 10 && import.Thresholds > 0);
        Assert.True(import.ThresholdRows > import.Thresholds);
        Assert.Equal(model.Card.Test.Rows, import.GivenRows);
        Assert.True(import.ComparedManagedScorer);
        Assert.Null(model.UnsupportedByManagedScorer);
        Assert.Equal(ModelAlgorithm.Imported, model.Card.Spec.Algorithm);
        Assert.Equal(1, model.Card.Metrics is ClassificationMetrics c ? c.Accuracy : ((RegressionMetrics)model.Card.Metrics).R2!.Value, 1e-9);
    }

    [Fact]
    public void Run_SameFileTwice_GivesTheSameBytes()
    {
        ImportFixture fixture = ImportFixture.Load("xgboost-binary");
        string heldOut = fixture.WriteHeldOut(_folder);

        Assert.Equal(Run(fixture.Job(heldOut)).Artifact, Run(fixture.Job(heldOut)).Artifact);
    }

    [Fact]
    public void Run_ThresholdsOfDoubles_AreToldInTheCard()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-binary");

        ModelCard card = Run(fixture.Job(fixture.WriteHeldOut(_folder))).Card;

        Assert.True(card.Import!.RoundedThresholds > 0);
        Assert.Contains(card.Train.Warnings!, w => w.Contains("no float32", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_ColumnsOfTheSpecInAnotherOrder_AreFoundByName()
    {
        ImportFixture fixture = ImportFixture.Load("xgboost-multiclass");
        ImportJob job = fixture.Job(fixture.WriteHeldOut(_folder));

        TrainedModel model = Run(job with { Spec = job.Spec with { Columns = [.. job.Spec.Columns.Reverse()] } });

        Assert.Equal(["bytes", "share", "flags", "packets"], model.Card.Schema.Inputs.Select(i => i.Name));
        Assert.Equal(1, ((ClassificationMetrics)model.Card.Metrics).Accuracy);
    }

    [Fact]
    public void Run_GroupsOfTheSpec_NameTheClassesInTheirOrder()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-multiclass");
        ImportJob job = fixture.Job(fixture.WriteHeldOut(_folder));
        LabelSpec label = new()
        {
            Groups = new Dictionary<string, IReadOnlyList<string>> { ["good"] = ["0"], ["odd"] = ["1"], ["bad"] = ["2"] },
            Benign = "good",
        };

        TrainedModel model = Run(job with { Spec = job.Spec with { Label = label } });

        Assert.Equal(["good", "odd", "bad"], model.Card.Schema.Classes);
        Assert.Equal("good", model.Card.Schema.Benign);
    }

    [Fact]
    public void Run_SpecThatTrains_IsTakenForItsColumnsAlone()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-binary");
        ImportJob job = fixture.Job(fixture.WriteHeldOut(_folder));

        ModelParameters parameters = new() { Trees = 7 };
        TrainedModel model = Run(job with { Spec = job.Spec with { Algorithm = ModelAlgorithm.RandomForest, Parameters = parameters } });

        Assert.Equal(ModelAlgorithm.Imported, model.Card.Spec.Algorithm);
        Assert.Null(model.Card.Spec.Parameters.Trees);
    }

    public static TheoryData<string, string> WrongSpecs => new()
    {
        { "a column too few", "4 features" },
        { "a column of another name", "'bytes'" },
        { "a category", "does not list its texts" },
        { "a number to learn", "probabilities of 2 classes" },
        { "three groups", "3 classes" },
        { "another benign class", "label.benign" },
    };

    [Theory]
    [MemberData(nameof(WrongSpecs))]
    public void Run_SpecDoesNotFitTheFile_SaysWhat(string what, string expected)
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-binary");
        ImportJob job = fixture.Job(fixture.WriteHeldOut(_folder));
        ColumnSpec[] columns = [.. job.Spec.Columns];
        ModelSpec spec = what switch
        {
            "a column too few" => job.Spec with { Columns = columns[1..] },
            "a column of another name" => job.Spec with { Columns = [.. columns[..3], new ColumnSpec("octets", ColumnType.Number), columns[4]] },
            "a category" => job.Spec with { Columns = [new ColumnSpec("packets", ColumnType.Category), .. columns[1..]] },
            "a number to learn" => job.Spec with { Task = ModelTask.Regression },
            "three groups" => job.Spec with
            {
                Label = new LabelSpec { Groups = new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["0"], ["b"] = ["1"], ["c"] = ["2"] } },
            },
            _ => job.Spec with { Label = new LabelSpec { Benign = "good" } },
        };

        TrainingException refused = Assert.Throws<TrainingException>(() => Run(job with { Spec = spec }));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoHeldOutRows_IsRefused()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-binary");
        string empty = Path.Combine(_folder, "empty.csv");
        File.WriteAllText(empty, "packets,flags,share,bytes,truth\n");

        Assert.Equal(TrainingFault.MissingData, Assert.Throws<TrainingException>(() => Run(fixture.Job(empty))).Fault);
    }

    [Fact]
    public void Run_LabelThatTheModelDoesNotTell_IsRefused()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-binary");
        string data = Path.Combine(_folder, "three.csv");
        File.WriteAllText(data, "packets,flags,share,bytes,truth\n1,2,3,4,0\n1,2,3,4,2\n");

        Assert.Equal(TrainingFault.InvalidData, Assert.Throws<TrainingException>(() => Run(fixture.Job(data))).Fault);
    }

    [Fact]
    public void Run_BestRoundOfEarlyStopping_IsTold()
    {
        ImportFixture fixture = ImportFixture.Load("xgboost-binary");
        byte[] file = fixture.With("\"best_iteration\":\"3\"", "\"best_iteration\":\"2\"");

        ModelCard card = Run(fixture.Job(fixture.WriteHeldOut(_folder), file)).Card;

        Assert.Contains(card.Train.Warnings!, w => w.Contains("round 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_BaseScoreAsAListOfText_AnswersAsTheOlderForm()
    {
        ImportFixture fixture = ImportFixture.Load("xgboost-binary");
        string heldOut = fixture.WriteHeldOut(_folder);
        byte[] newer = fixture.With("\"base_score\":\"3E-1\"", "\"base_score\":\"[3E-1]\"");

        Assert.Equal(Run(fixture.Job(heldOut)).Artifact, Run(fixture.Job(heldOut, newer)).Artifact);
    }

    // Version 3.5 writes the weights of DART with the trees, and calls the booster gbtree.
    [Fact]
    public void Run_WeightsOfDartBesideItsTrees_AnswerAsTheOlderForm()
    {
        ImportFixture fixture = ImportFixture.Load("xgboost-dart");
        string heldOut = fixture.WriteHeldOut(_folder);
        JsonNode newer = JsonNode.Parse(fixture.File)!;
        JsonObject booster = newer["learner"]!["gradient_booster"]!.AsObject();
        JsonObject model = booster["gbtree"]!["model"]!.DeepClone().AsObject();
        model["weight_drop"] = booster["weight_drop"]!.DeepClone();
        newer["learner"]!["gradient_booster"] = new JsonObject { ["name"] = "gbtree", ["model"] = model };

        Assert.Equal(
            Run(fixture.Job(heldOut)).Artifact, Run(fixture.Job(heldOut, Encoding.UTF8.GetBytes(newer.ToJsonString()))).Artifact);
    }

    private static TrainedModel Run(ImportJob job) => new ImportPipeline().Run(job, null, TestContext.Current.CancellationToken);
}
