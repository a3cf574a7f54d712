using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Specs.Drafting;
using Relay.Training.Tests.Data;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Specs;

public sealed class SpecDrafterTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Draft_MarksAndPercents_AreReadAsMissingAndNumbers()
    {
        SpecDraft draft = Draft("size,rate,kind,verdict", "NA,1.5%,a,good", "2,NA,-,bad", "3,2,?,good");

        Assert.Equal([ColumnType.Number, ColumnType.Number, ColumnType.Category, ColumnType.Label], draft.Spec.Columns.Select(c => c.Type));
        Assert.Equal(["NA"], draft.Spec.Csv.Missing);
        Assert.Equal(["rate"], draft.Spec.Csv.Percent);
        Assert.Contains(draft.Notes, n => n.Contains("'size'", StringComparison.Ordinal) && n.Contains("'NA'", StringComparison.Ordinal));
    }

    [Fact]
    public void Draft_MarkThatIsAClass_StaysAClassAndTheColumnIsIgnored()
    {
        string path = _folder.Write("a.csv", ["size,other,verdict", .. Enumerable.Range(0, 40).Select(i => $"NA,{i % 7},NA\n2,{i % 5},bad")]);

        SpecDraft draft = SpecDrafter.Draft(path);

        Assert.Null(draft.Spec.Csv.Missing);
        Assert.Equal(ColumnType.Ignore, draft.Spec.Columns[0].Type);
        Assert.Equal(["NA", "bad"], DataLoader.Load(new DataSource(draft.Spec, path, null)).Train.Classes);
    }

    [Theory]
    [InlineData(20_000_000, 0, false)]
    [InlineData(20_000_000, 1, true)]
    public void Draft_LargeNumbers_NumberTheRowsOnlyWhereTheyRise(int first, int step, bool isSequence)
    {
        SpecDraft draft = Draft(
            "at,size,verdict", [.. Enumerable.Range(0, 30).Select(i => $"{first + (i * step)},{i % 7},{(i % 2 == 0 ? "good" : "bad")}")]);

        Assert.Equal(isSequence ? ColumnType.Ignore : ColumnType.Number, draft.Spec.Columns[0].Type);
    }

    [Fact]
    public void Draft_NumberOfTheRow_IsIgnoredAndTold()
    {
        SpecDraft draft = Draft("id,size,verdict", [.. Enumerable.Range(100, 30).Select(i => $"{i},{i % 7},{(i % 2 == 0 ? "good" : "bad")}")]);

        Assert.Equal([ColumnType.Ignore, ColumnType.Number, ColumnType.Label], draft.Spec.Columns.Select(c => c.Type));
        Assert.Contains(draft.Notes, n => n.StartsWith("'id' numbers the rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Draft_TextsThatStandOnceEach_AreIgnoredAndTheRestIsRead()
    {
        SpecDraft draft = Draft("note,size,verdict", [.. Enumerable.Range(0, 300).Select(i => $"text {i},{i % 7},{(i % 2 == 0 ? "good" : "bad")}")]);

        Assert.Equal([ColumnType.Ignore, ColumnType.Number, ColumnType.Label], draft.Spec.Columns.Select(c => c.Type));
        Assert.Contains(draft.Notes, n => n.StartsWith("'note' has 300 different texts", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    public void Draft_OtherDelimiter_IsFound(char delimiter)
    {
        SpecDraft draft = Draft($"size{delimiter}verdict", $"1{delimiter}good", $"2{delimiter}bad");

        Assert.Equal(delimiter.ToString(), draft.Spec.Csv.Delimiter);
        Assert.Equal(["size", "verdict"], draft.Spec.Columns.Select(c => c.Name));
    }

    [Fact]
    public void Draft_LabelOfManyNumbers_IsRegression()
    {
        SpecDraft draft = Draft("size,price", [.. Enumerable.Range(0, 200).Select(i => $"{i % 9},{i}.5")]);

        Assert.Equal(ModelTask.Regression, draft.Spec.Task);
    }

    [Fact]
    public void Draft_LabelIsAskedFor_TakesItAndLeavesOutWhatTheModelsOutputIsCalled()
    {
        SpecDraft draft = SpecDrafter.Draft(_folder.Write("a.csv", "attack,size,label", "norm,1,0", "sqli,2,1", "norm,1,0"), "attack");

        Assert.Equal([ColumnType.Label, ColumnType.Number, ColumnType.Ignore], draft.Spec.Columns.Select(c => c.Type));
        Assert.Equal("norm", draft.Spec.Label.Benign);
    }

    [Fact]
    public void Draft_LabelThatThereIsNot_NamesThoseThatThereAre()
    {
        TrainingException refused = Assert.Throws<TrainingException>(() => SpecDrafter.Draft(_folder.Write("a.csv", "size,verdict", "1,a"), "class"));

        Assert.Contains("'size', 'verdict'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draft_LabelOfFreeText_IsRefused()
    {
        TrainingException refused = Assert.Throws<TrainingException>(
            () => Draft("size,note", [.. Enumerable.Range(0, 1_200).Select(i => $"{i % 5},text {i}")]));

        Assert.Contains("--label", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draft_ItsOwnFile_IsRead()
    {
        string path = _folder.Write(
            "a.csv", ["id;rate;kind;verdict", .. Enumerable.Range(0, 40).Select(i => $"{i};{(i % 5 == 0 ? "NA" : $"{i % 7}%")};k{i % 3};v{i % 2}")]);

        DataSource source = new(SpecDrafter.Draft(path).Spec, path, null);

        Assert.Equal(30, DataLoader.Load(source).Train.Rows);
    }

    private SpecDraft Draft(string header, params string[] rows) => SpecDrafter.Draft(_folder.Write("a.csv", [header, .. rows]));
}
