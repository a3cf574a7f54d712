using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Specs;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data;

public sealed class HeaderTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NameRepeatedInColumnsThatAreNotRead_IsTakenWithAWarning()
    {
        string path = _folder.Write(
            "a.csv", [CsvFolder.Header + ",more,more", .. Enumerable.Repeat(CsvFolder.Rows, 2).SelectMany(rows => rows).Select(row => $"{row},1,2")]);

        DataSet columns = DataLoader.Load(CsvFolder.Spec, path, null, null, default);
        DataSplit tail = DataLoader.Load(new DataSource(CsvFolder.Spec, path, null));
        DataSummary binned = DataLoader.LoadBinned(new DataSource(CsvFolder.Spec, path, null)).Summary;

        string warning = Assert.Single(columns.Summary.Warnings!);
        Assert.Contains("'more'", warning, StringComparison.Ordinal);
        Assert.Contains("a.csv:1", warning, StringComparison.Ordinal);
        Assert.Equal(columns.Summary.Warnings, tail.Train.Summary.Warnings);
        Assert.Equal(columns.Summary.Warnings, binned.Warnings);
    }

    [Fact]
    public void Load_NoNameRepeated_HasNoWarning() =>
        Assert.Null(
            DataLoader.Load(CsvFolder.Spec, _folder.Write("a.csv", [CsvFolder.Header, .. CsvFolder.Rows]), null, null, default).Summary.Warnings);

    [Theory]
    [InlineData("size")]
    [InlineData("kind")]
    [InlineData("verdict")]
    public void Load_NameRepeatedInAColumnThatIsRead_IsRefused(string name)
    {
        string path = _folder.Write("a.csv", [$"{CsvFolder.Header},{name}", .. CsvFolder.Rows.Select(row => $"{row},1")]);

        TrainingException refused = Assert.Throws<TrainingException>(() => DataLoader.Load(CsvFolder.Spec, path, null, null, default));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recognize_NameRepeated_LeavesThoseColumnsOut()
    {
        string path = _folder.Write("a.csv", "a,b,b,class", "1,2,3,good", "2,3,4,bad");

        Assert.Equal(["a", "class"], KnownDataSets.Recognize(path, default).Spec.Columns.Select(c => c.Name));
    }

    [Theory]
    [InlineData(",a,class")]
    [InlineData("a,\"x\ny\",class")]
    [InlineData("a,class,class")]
    [InlineData("label,class")]
    public void Recognize_HeaderThatGivesNoSpec_IsRefusedWithTheFileAndNoWordOfASpecThatNobodyWrote(string header)
    {
        string path = _folder.Write("a.csv", header, "1,2,3", "2,3,4");

        TrainingException refused = Assert.Throws<TrainingException>(() => KnownDataSets.Recognize(path, default));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.StartsWith("a.csv:1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("$.", refused.Message, StringComparison.Ordinal);
    }
}
