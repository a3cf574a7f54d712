using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common.Binning;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data.Weighting;

public sealed class RowWeightsTests : IDisposable
{
    private const string Header = "size,weight,seen,verdict";

    private static readonly ModelSpec Spec = new()
    {
        Name = "weighted",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns =
        [
            new ColumnSpec("size", ColumnType.Number), new ColumnSpec("weight", ColumnType.Weight),
            new ColumnSpec("seen", ColumnType.Time), new ColumnSpec("verdict", ColumnType.Label),
        ],
    };

    // Ages of 0, 6, 7, 30, 80, 90 and 91 days.
    private static readonly string[] Rows =
    [
        "1,1,2026-06-30T12:00:00Z,good", "2,1,2026-06-24T12:00:00Z,bad", "3,1,2026-06-23T12:00:00Z,good", "4,1,2026-05-31T12:00:00Z,bad",
        "5,1,2026-04-11T12:00:00Z,good", "6,1,2026-04-01T12:00:00Z,bad", "7,1,2026-03-31T12:00:00Z,ugly",
    ];

    private static readonly ModelSpec Aged = Spec with { Weights = new WeightSpec { Age = new AgeWeights() } };

    private readonly CsvFolder _folder = new();

    [Fact]
    public void Load_DefaultAgeRule_IsThatOfTheEarlierRelay()
    {
        DataSet set = Load(Aged, Rows);

        Assert.Equal([10f, 10f, (float)Math.Exp(-7 / 30.0), (float)Math.Exp(-1), 0.1f, 0.1f], set.SampleWeights!);
        Assert.Equal(6, set.Summary.Rows);
        Assert.Equal(1, set.Summary.TooOld);
        Assert.Equal(["bad", "good"], set.Classes);
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], ((NumberColumn)set.Columns[0]).Values);
    }

    [Theory]
    [InlineData("1782820800")]
    [InlineData("1782820800.0")]
    [InlineData("2026-06-30T12:00Z")]
    [InlineData("2026-06-30T12:00:00")]
    [InlineData("2026-06-30 12:00:00")]
    [InlineData("2026-06-30T14:00:00+02:00")]
    [InlineData("2026-06-30T12:00:00.000Z")]
    public void Load_TimeInAnyForm_IsTheSameTime(string newest)
    {
        DataSet set = Load(Aged, [$"1,1,{newest},good", .. Rows[1..]]);

        Assert.Equal(Load(Aged, Rows).SampleWeights, set.SampleWeights);
    }

    [Fact]
    public void Load_NoAgeRule_ReadsNoTimes()
    {
        DataSet set = Load(Spec, ["1,2,yesterday,good", "2,0.5,,bad"]);

        Assert.Equal([2f, 0.5f], set.SampleWeights!);
    }

    [Fact]
    public void Load_NothingWeighs_HasNoWeights() =>
        Assert.Null(Load(Spec with { Columns = [.. Spec.Columns.Where(c => c.Type != ColumnType.Weight)] }, Rows).SampleWeights);

    [Fact]
    public void Load_ClassFactors_MultiplyWeightAndAge()
    {
        WeightSpec weights = new() { Classes = new Dictionary<string, double> { ["bad"] = 4 }, Age = new AgeWeights() };

        DataSet set = Load(Spec with { Weights = weights }, ["1,3,2026-06-30,good", "2,0.5,2026-06-30,bad"]);

        Assert.Equal([30f, 20f], set.SampleWeights!);
    }

    [Fact]
    public void Load_Balanced_GivesEveryClassTheSameSum()
    {
        DataSet set = Load(
            Spec with { Weights = new WeightSpec { Balanced = true } }, ["1,1,,good", "2,1,,good", "3,1,,good", "4,1,,bad"]);

        Assert.Equal([4 / 6f, 4 / 6f, 4 / 6f, 2f], set.SampleWeights!);
    }

    [Fact]
    public void Load_FactorOfUnknownClass_IsRefused() => Assert.Equal(
        TrainingFault.InvalidSpec,
        Assert.Throws<TrainingException>(() => Load(
            Spec with { Weights = new WeightSpec { Classes = new Dictionary<string, double> { ["evil"] = 2 } } }, Rows)).Fault);

    [Theory]
    [InlineData("2,0,2026-06-30,bad", "weight")]
    [InlineData("2,-1,2026-06-30,bad", "weight")]
    [InlineData("2,,2026-06-30,bad", "weight")]
    [InlineData("2,NaN,2026-06-30,bad", "weight")]
    [InlineData("2,1e39,2026-06-30,bad", "weight")]
    [InlineData("2,heavy,2026-06-30,bad", "weight")]
    [InlineData("2,1,,bad", "seen")]
    [InlineData("2,1,30/06/2026,bad", "seen")]
    [InlineData("2,1,2026-06-31,bad", "seen")]
    [InlineData("2,1,NaN,bad", "seen")]
    [InlineData("2,1,1e300,bad", "seen")]
    public void Load_CellThatIsNoWeightOrTime_IsRefusedByLineAndColumn(string row, string column)
    {
        TrainingException refused = Assert.Throws<TrainingException>(() => Load(Aged, [Rows[0], row]));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains($"data.csv:3, column '{column}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ProductOutOfRange_IsRefused() => Assert.Equal(
        TrainingFault.InvalidData,
        Assert.Throws<TrainingException>(() => Load(Aged, ["1,3e38,2026-06-30,good", "2,1,2026-06-30,bad"])).Fault);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LoadBinned_AgeRule_GivesTheRowsAndWeightsOfTheWholeTable(bool ownTestFile)
    {
        string[] rows = [.. Enumerable.Range(0, 400).Select(i =>
            $"{(i * 37) % 101},{1 + (i % 3)},{1_780_000_000 + (((i * 53) % 400) * 30_000)},{(i % 5 < 2 ? "bad" : "good")}")];
        ModelSpec spec = Aged with { Weights = new WeightSpec { Age = new AgeWeights(), Balanced = true } };
        string train = _folder.Write("data.csv", [Header, .. rows]);
        DataSource source = new(spec, train, ownTestFile ? train : null);

        LoadedData binned = DataLoader.LoadBinned(source);
        LoadedData whole = LoadedData.FromSplit(DataLoader.Load(source), source.Spec);

        Assert.InRange(whole.Summary.TooOld, 1, 399);
        Assert.Equivalent(whole.Summary, binned.Summary);
        Assert.Equal(whole.Train.SampleWeights, binned.Train.SampleWeights);
        Assert.Equal(whole.Train.Labels, binned.Train.Labels);
        BinnedRows expected = BinnedRows.Create(whole.Train, 1, null, default);
        Assert.Equal(expected.ByRow.AsSpan(0, expected.RowCount * expected.Stride), binned.Train.Binned!.ByRow.AsSpan(
            0, expected.RowCount * expected.Stride));
        Assert.Equal(expected.SampleWeights, binned.Train.Binned.SampleWeights);
        Assert.Null(binned.Test.SampleWeights);
    }

    [Fact]
    public void Build_RowsFromCode_WeighAsThoseFromAFile()
    {
        using DataSetBuilder builder = new(Aged, "rows");
        DateTimeOffset newest = new(2026, 6, 30, 12, 0, 0, TimeSpan.Zero);
        builder.Add([1f], "good", 2, newest);
        builder.Add([2f], "bad", 1, newest.AddDays(-30));
        builder.Add([3f], "bad", 1, newest.AddDays(-91));

        DataSet set = builder.Build();

        Assert.Equal([20f, (float)Math.Exp(-1)], set.SampleWeights!);
        Assert.Equal(1, set.Summary.TooOld);
        Assert.Throws<TrainingException>(() => builder.Add([1f], "good", 0, newest));
        Assert.Throws<TrainingException>(() => builder.Add([1f], "good", 1, null));
    }

    [Fact]
    public void Encode_Weights_ReachTheEngine()
    {
        DataSet set = Load(Aged, Rows);

        Assert.Equal(set.SampleWeights, FeatureEncoder.Fit(set).Encode(set).SampleWeights);
    }

    public void Dispose() => _folder.Dispose();

    private DataSet Load(ModelSpec spec, string[] rows) =>
        DataLoader.Load(spec, _folder.Write("data.csv", [Header, .. rows]), null, null, default);
}
