using System.Text.Json;
using Relay.TestKit;
using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Specs;
using Relay.Training.Tests.Data;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Specs;

public sealed class KnownDataSetsTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recognize_FolderWithSpec_TakesItsFiles()
    {
        _folder.WriteText("spec.json", JsonSerializer.Serialize(CsvFolder.Spec, ModelJson.Default.ModelSpec));
        _folder.Write("train.csv", [CsvFolder.Header, .. CsvFolder.Rows]);
        _folder.WriteGzip("test.csv.gz", CsvFolder.Header + "\n" + CsvFolder.Rows[0] + "\n");

        DataSplit split = DataLoader.Load(KnownDataSets.Recognize(_folder.Path));

        Assert.Equal(4, split.Train.Rows);
        Assert.Equal(1, split.Test.Rows);
    }

    [Theory]
    [InlineData("{ \"name\": \"x\" }")]
    [InlineData("{ not json")]
    [InlineData("null")]
    public void Recognize_BadSpec_IsRefused(string spec)
    {
        _folder.WriteText("spec.json", spec);
        _folder.Write("train.csv", CsvFolder.Header);
        _folder.Write("test.csv", CsvFolder.Header);

        Refused(TrainingFault.InvalidSpec, _folder.Path);
    }

    [Fact]
    public void Recognize_FolderWithoutAnything_IsRefused() => Refused(TrainingFault.MissingData, _folder.Path);

    [Fact]
    public void Recognize_MissingPath_IsRefused() => Refused(TrainingFault.MissingData, Path.Combine(_folder.Path, "none"));

    [Fact]
    public void Recognize_CsvFile_InfersTypesLabelAndBenign()
    {
        string path = _folder.Write("My Log.csv", "Class,size,kind", "benign,1,tcp", "attack,2.5,udp", "benign,,tcp");

        DataSource source = KnownDataSets.Recognize(path);

        Assert.Equal("my-log", source.Spec.Name);
        Assert.Equal([ColumnType.Label, ColumnType.Number, ColumnType.Category], source.Spec.Columns.Select(c => c.Type));
        Assert.Equal("benign", source.Spec.Label.Benign);
        Assert.Null(source.TestPath);
    }

    [Fact]
    public void Recognize_CsvFileWithFreeText_IsRefused()
    {
        string[] lines = [.. Enumerable.Range(0, 300).Select(i => $"text {i},a")];

        Refused(TrainingFault.InvalidData, _folder.Write("a.csv", ["note,label", .. lines]));
    }

    [Fact]
    public void Load_KddCup99_GivesTheOfficialSplit()
    {
        string train = SharedData.File(Path.Combine("kdd99", KddCup99.TrainFile)) ?? Skip();

        DataSplit split = DataLoader.Load(KnownDataSets.Recognize(Path.GetDirectoryName(train)!));

        Assert.Equal(494_021, split.Train.Rows);
        Assert.Equal(39, split.Train.Columns.Count);
        Assert.Equal([97_278, 391_458, 4_107, 1_126, 52], split.Train.Classes.Select(c => split.Train.Summary.ClassRows[c]));
        Assert.Equal([60_593, 229_853, 4_166, 16_189, 228], split.Test.Classes.Select(c => split.Test.Summary.ClassRows[c]));
    }

    private static string Skip()
    {
        Assert.Skip("shared/data/kdd99 is missing");
        return "";
    }

    private static void Refused(TrainingFault fault, string path) =>
        Assert.Equal(fault, Assert.Throws<TrainingException>(() => KnownDataSets.Recognize(path)).Fault);
}
