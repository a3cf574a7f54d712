using Google.Protobuf;
using Relay.Training.Importing;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Scoring;
using Shared.Scoring.Explaining;

namespace Relay.Training.Tests.Importing;

/// <summary>Models that were trained on the texts of a data frame take the texts, and answer as the library did for their codes.</summary>
public sealed class CategoryImportTests : IDisposable
{
    private const string Lightgbm = TextFixture.Lightgbm;
    private const string Xgboost = TextFixture.Xgboost;

    private readonly string _folder = Directory.CreateTempSubdirectory("relay-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Lightgbm)]
    [InlineData(Xgboost)]
    public void Run_ColumnsOfTexts_AnswerAsTheLibraryForTheirCodes(string name)
    {
        TextFixture fixture = TextFixture.Load(name);

        TrainedModel model = Run(fixture.Job(_folder));

        Assert.Equal(1, ((ClassificationMetrics)model.Card.Metrics).Accuracy);
        Assert.True(model.Card.Import!.ComparedManagedScorer);
        Assert.Null(model.UnsupportedByManagedScorer);
        Assert.Equal([ColumnType.Number, ColumnType.Category, ColumnType.Number, ColumnType.Category], model.Card.Schema.Inputs.Select(i => i.Type));
        Assert.Null(ManagedScorer.Load(model.Artifact, model.Card.Schema, out ManagedScorer? scorer));
        float[] answer = new float[3];
        foreach ((float[] numbers, string[] texts, double[] expected) in fixture.Rows())
        {
            scorer!.Score(numbers, texts, 1, answer);
            for (int k = 0; k < answer.Length; k++)
            {
                Assert.Equal(expected[k], answer[k], 2e-6);
            }
        }
    }

    [Fact]
    public void Run_TextsThatTheModelDoesNotKnow_CountAsMissingAndAreTold()
    {
        TextFixture fixture = TextFixture.Load(Lightgbm);
        ImportJob job = fixture.Job(_folder);
        File.AppendAllText(job.TestPath, "1,never seen,2,150,0\n1,,2,150,0\n");

        ModelCard card = Run(job).Card;

        Assert.Contains(card.Train.Warnings!, w => w.StartsWith("1 held-out rows have texts of 'flags'", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_TextsOfWhichNoneIsKnown_AreRefused()
    {
        TextFixture fixture = TextFixture.Load(Lightgbm);
        ImportJob job = fixture.Job(_folder);
        File.WriteAllText(job.TestPath, File.ReadAllText(job.TestPath).Replace("\"1", "\"0x1", StringComparison.Ordinal));

        TrainingException refused = Assert.Throws<TrainingException>(() => Run(job));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains("column 'bytes'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NumbersWhereTheFileHasTexts_CountAsCodesAndAreTold()
    {
        ImportFixture fixture = ImportFixture.Load(Lightgbm);

        ModelCard card = Run(fixture.Job(fixture.WriteHeldOut(_folder))).Card;

        Assert.Contains(card.Train.Warnings!, w => w.Contains("count as codes", StringComparison.Ordinal));
        Assert.Equal(1, ((ClassificationMetrics)card.Metrics).Accuracy);
    }

    [Theory]
    [InlineData(Lightgbm, "one of two", "1 columns of type category, and the file lists the texts of 2")]
    [InlineData(Lightgbm, "another one too", "3 columns of type category, and the file lists the texts of 2")]
    [InlineData(Lightgbm, "swapped", "the list is that of another column")]
    [InlineData("lightgbm-sets-binary", "", "does not list its texts")]
    [InlineData("xgboost-sets-binary", "", "XGBoost 3.1")]
    [InlineData(Xgboost, "another one too", "column 'share' has the type category")]
    [InlineData(Xgboost, "fewer texts", "the list is that of another column")]
    public void Run_TextsThatTheFileDoesNotExplain_AreRefusedWithWhatToDo(string name, string what, string expected)
    {
        TextFixture fixture = TextFixture.Load(name);
        ImportJob job = fixture.Job(_folder);
        ColumnSpec[] columns = [.. job.Spec.Columns.Select(c => what switch
        {
            "one of two" when c.Name == "flags" => c with { Type = ColumnType.Number },
            "another one too" when c.Name == "share" => c with { Type = ColumnType.Category },
            _ => c,
        })];
        byte[] file = what switch
        {
            "swapped" => fixture.WithLists([fixture.Texts[1], fixture.Texts[0]]),
            "fewer texts" => fixture.WithLists([fixture.Texts[0], fixture.Texts[1][..9]]),
            _ => job.File,
        };

        TrainingException refused = Assert.Throws<TrainingException>(
            () => Run(job with { Spec = job.Spec with { Columns = columns }, File = file }));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Lightgbm)]
    [InlineData(Xgboost)]
    public void Explain_ImportedModelWithSets_AttributesToTheColumn(string name)
    {
        TextFixture fixture = TextFixture.Load(name);
        TrainedModel model = Run(fixture.Job(_folder));

        Assert.Null(ForestExplainer.Load(model.Artifact, model.Card.Schema, out ForestExplainer? explainer));
        foreach ((float[] numbers, string[] texts, _) in fixture.Rows().Take(20))
        {
            Attribution found = explainer!.Explain(numbers, texts, label: 0);

            Assert.Equal(4, found.ByInput.Length);
            Assert.NotEqual(0, found.ByInput[3]);
            Assert.Equal(found.Score, found.Baseline + found.ByInput.Sum(), 1e-9);
        }
    }

    [Theory]
    [InlineData(Lightgbm)]
    [InlineData("xgboost-sets-binary")]
    public void Run_ArtifactOfAnImport_IsImportedAgain(string name)
    {
        ImportJob job = name == Lightgbm
            ? TextFixture.Load(name).Job(_folder)
            : ImportFixture.Load(name).Job(ImportFixture.Load(name).WriteHeldOut(_folder));
        TrainedModel first = Run(job);

        TrainedModel again = Run(job with { Spec = first.Card.Spec, File = first.Artifact, FileName = "model.onnx" });

        Assert.Equal("relay", again.Card.Import!.Format);
        Assert.Equal((first.Card.TreeCount, first.Card.NodeCount), (again.Card.TreeCount, again.Card.NodeCount));
        Assert.True(again.Card.Import.Thresholds > 0);
    }

    [Fact]
    public void Run_SetsOfOneColumn_AreSharedByEqualSplits()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-categorical");

        GraphProto graph = ModelProto.Parser.ParseFrom(Run(fixture.Job(fixture.WriteHeldOut(_folder))).Artifact).Graph;

        // Both trees split by the set {0} of flags.
        NodeProto indicators = Assert.Single(graph.Node, n => n.OpType == OnnxNames.TreeEnsembleRegressor && n.Input[0] == "flags");
        Assert.Equal(1, new OperatorAttributes(indicators).Integer("n_targets"));
    }

    [Fact]
    [Trait("Attack", "hostile-model-file")]
    public void Inspect_TreesThatReadBeyondTheColumnsOfTheirSets_AreRefused()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-sets-regression");
        ModelProto model = ModelProto.Parser.ParseFrom(Run(fixture.Job(fixture.WriteHeldOut(_folder))).Artifact);
        NodeProto trees = model.Graph.Node.Last(n => n.OpType == OnnxNames.TreeEnsembleRegressor);
        trees.Attribute.Single(a => a.Name == "nodes_featureids").Ints[0] = 9999;

        Assert.False(ArtifactInspector.Inspect(model, "imported").IsAccepted);
    }

    private static TrainedModel Run(ImportJob job) => new ImportPipeline().Run(job, null, TestContext.Current.CancellationToken);
}
