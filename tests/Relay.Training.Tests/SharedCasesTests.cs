using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Specs;
using Shared.Contracts.Models;

namespace Relay.Training.Tests;

/// <summary>Each row of ../shared/cases/README.md that training data make: what comes out is what its column "right" says.</summary>
public sealed class SharedCasesTests
{
    [Fact]
    public void Load_GzipCutInANumber_IsRefusedWithItsLine()
    {
        TrainingException refused = Refused(() => Load("gz-cut", "gz-cut-in-a-number.csv.gz"));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains("cut off after line", refused.Message, StringComparison.Ordinal);
        Assert.Equal(400, Load("gz-cut", "gz-whole.csv.gz").Rows);
    }

    [Fact]
    public void Load_Cp1252_IsRefusedWithLineAndColumn()
    {
        TrainingException refused = Refused(() => Load("accent-cp1252", "accent-cp1252.csv"));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains("accent-cp1252.csv:4, column 'proto'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_AccentsInUtf8AndAReplacementCharacter_RunInTheManagedScorer()
    {
        Assert.Null(Train("accent-cp1252", "accent-utf8.csv").UnsupportedByManagedScorer);

        TrainedModel model = Train("fffd-category", "fffd-category.csv");

        Assert.Null(model.UnsupportedByManagedScorer);
        Assert.Equal(0, model.Card.Parity.LabelDisagreements);
    }

    [Fact]
    public void Load_CompactDates_AreTheDatesOfTheirTwin()
    {
        foreach (string file in (string[])["span-compact.csv", "span-iso.csv"])
        {
            DataSummary train = DataLoader.LoadBinned(new DataSource(SharedCaseFiles.Spec("span-compact"), SharedCaseFiles.Path(file), null)).Summary;

            Assert.Equal((91, 209), (train.Rows, train.TooOld));
        }
    }

    [Fact]
    public void Train_ConstantHeldOutTarget_HasNoR2()
    {
        RegressionMetrics metrics = Assert.IsType<RegressionMetrics>(Train("const-tail-5", "const-tail-5.csv").Card.Metrics);

        Assert.Null(metrics.R2);
    }

    [Theory]
    [InlineData("num-newline", "num-newline.csv:12, column 'bytes': got '5\\n6'")]
    [InlineData("num-nul-after", "num-nul-after.csv:12, column 'bytes': got '5\\u0000'")]
    [InlineData("esc-class-count", "\\u001b[2J")]
    [InlineData("weights-denormal", "weights-denormal.csv:9, column 'w': got '1e-42'")]
    public void Train_BadCell_IsRefusedInOneLineWithPlaceAndText(string name, string expected)
    {
        TrainingException refused = Refused(() => Train(name, $"{name}.csv"));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Message, char.IsControl);
    }

    [Fact]
    public void Recognize_ColumnWithoutAName_IsRefusedWithPlaceAndExpectation()
    {
        TrainingException refused = Refused(() => KnownDataSets.Recognize(SharedCaseFiles.Path("index-column.csv"), default));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.StartsWith("index-column.csv:1, column 1 of the header: got ''", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("spec", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_HeaderRepeatedInColumnsThatAreNotRead_GivesAModelAndAWarning()
    {
        TrainedModel model = Train("dup-header-unused", "dup-header-unused.csv");

        Assert.Contains("' Fwd Header Length'", Assert.Single(model.Card.Train.Warnings!), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_BoostingOf150Classes_ProvesParity()
    {
        TrainedModel model = TrainSplit("plain-150");

        Assert.Equal(0, model.Card.Parity.LabelDisagreements);
        Assert.InRange(model.Card.Parity.MaxAbsDiff, 0, 1e-6);
    }

    [Fact]
    public void Train_Boosting70000Trees_RunsInTheManagedScorer()
    {
        TrainedModel model = TrainSplit("boost-700");

        Assert.Equal(70_000, model.Card.TreeCount);
        Assert.Null(model.UnsupportedByManagedScorer);
    }

    [Theory]
    [InlineData("reg-huge-rf", "reg-huge-rf.csv", "'y'")]
    [InlineData("p-scale-huge", "huge.csv", "'bytes'")]
    public void Train_NumbersTooFarApartForFloat32_IsRefusedWithTheColumnAndTheCause(string spec, string file, string column)
    {
        TrainingException refused = Refused(() => Train(spec, file));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains(column, refused.Message, StringComparison.Ordinal);
        Assert.Contains("overflow", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("infin", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static DataSet Load(string spec, string file) =>
        DataLoader.Load(SharedCaseFiles.Spec(spec), SharedCaseFiles.Path(file), null, null, TestContext.Current.CancellationToken);

    private static TrainedModel TrainSplit(string name) => TrainingPipeline.CreateDefault().Run(
        new TrainingJob(
            SharedCaseFiles.Spec(name), 1,
            new DataOrigin.Files(SharedCaseFiles.Path($"{name}-train.csv"), SharedCaseFiles.Path($"{name}-test.csv"))),
        cancellationToken: TestContext.Current.CancellationToken);

    // A few rows by hand, in which one column says all.
    private static readonly Dictionary<string, string> Toy = new() { ["label-column"] = "a case made by hand" };

    private static TrainedModel Train(string spec, string file) => TrainingPipeline.CreateDefault().Run(
        new TrainingJob(SharedCaseFiles.Spec(spec), 1, new DataOrigin.Files(SharedCaseFiles.Path(file), null)) { Accepted = Toy },
        cancellationToken: TestContext.Current.CancellationToken);

    private static TrainingException Refused(Action action) => Assert.Throws<TrainingException>(action);
}
