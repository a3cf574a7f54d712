using System.Security.Cryptography;
using System.Text;
using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data;

public sealed partial class DataLoaderTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SoundFile_GivesColumnsLabelsAndSummary()
    {
        string text = string.Join('\n', [CsvFolder.Header, .. CsvFolder.Rows, "5,e,,,good"]) + "\n";

        DataSet set = Load(_folder.WriteText("a.csv", text));

        Assert.Equal(["size", "kind", "rate"], set.Columns.Select(c => c.Name));
        Assert.Equal([1, 2, 3, 4, 5], Assert.IsType<NumberColumn>(set.Columns[0]).Values);
        CategoryColumn kind = Assert.IsType<CategoryColumn>(set.Columns[1]);
        Assert.Equal(["tcp", "udp"], kind.Categories);
        Assert.Equal([0, 1, 0, 0, -1], kind.Codes);
        Assert.Equal([0.5f, 0.25f, 0.001f, -7, float.NaN], Assert.IsType<NumberColumn>(set.Columns[2]).Values);
        Assert.Equal(["bad", "good"], set.Classes);
        Assert.Equal([1, 0, 1, 0, 1], set.Labels);
        Assert.Equal("a.csv", set.Summary.Source);
        Assert.Equal(5, set.Summary.Rows);
        Assert.Equal(3, set.Summary.ClassRows["good"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), set.Summary.Sha256);
    }

    [Fact]
    public void Load_GzipUnderAnyName_GivesTheSameAsPlain()
    {
        string text = string.Join("\r\n", [CsvFolder.Header, .. CsvFolder.Rows]);

        DataSet plain = Load(_folder.WriteText("a.csv", text));
        DataSet packed = Load(_folder.WriteGzip("b.csv", text));

        Assert.Equal(plain.Summary.Sha256, packed.Summary.Sha256);
        Assert.Equal(plain.Labels, packed.Labels);
        Assert.Equal(((NumberColumn)plain.Columns[2]).Values, ((NumberColumn)packed.Columns[2]).Values);
    }

    [Fact]
    public void Load_NoHeaderAndOtherDelimiter_ReadsColumnsInOrder()
    {
        ModelSpec spec = CsvFolder.Spec with { Csv = new CsvSpec { Header = false, Delimiter = ";" } };

        DataSet set = DataLoader.Load(spec, _folder.Write("a.csv", "1;a;\"x;y\";2;good", "3;b;z;4;bad"), null, null, default);

        Assert.Equal(["x;y", "z"], ((CategoryColumn)set.Columns[1]).Categories);
        Assert.Equal([2, 4], ((NumberColumn)set.Columns[2]).Values);
    }

    [Fact]
    public void Load_HeaderInOtherOrder_FindsColumnsByName()
    {
        DataSet set = Load(_folder.Write("a.csv", "verdict,rate,kind,extra,size", "good,9,tcp,?,1", "bad,8,udp,?,2"));

        Assert.Equal([1, 2], ((NumberColumn)set.Columns[0]).Values);
        Assert.Equal([9, 8], ((NumberColumn)set.Columns[2]).Values);
    }

    [Fact]
    public void Load_HeldOutLabelUnknownToTraining_IsRefusedWithItsLine()
    {
        string path = _folder.Write("test.csv", CsvFolder.Header, CsvFolder.Rows[0], "1,a,tcp,1,odd");

        TrainingException refused = Refused(
            TrainingFault.InvalidData, () => DataLoader.Load(CsvFolder.Spec, path, ["bad", "good"], null, default));

        Assert.Contains("test.csv:3", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LabelGroups_GiveClassesInTheOrderOfTheSpec()
    {
        ModelSpec spec = CsvFolder.Spec with
        {
            Label = new LabelSpec { Groups = new Dictionary<string, IReadOnlyList<string>> { ["fine"] = ["good", "great"], ["evil"] = ["bad"] } },
        };

        DataSet set = DataLoader.Load(spec, _folder.Write("a.csv", [CsvFolder.Header, .. CsvFolder.Rows, "1,a,tcp,1,great"]), null, null, default);

        Assert.Equal(["fine", "evil"], set.Classes);
        Assert.Equal([0, 1, 0, 1, 0], set.Labels);
    }

    [Fact]
    public void Load_TailHeldOut_KeepsFileOrder()
    {
        string path = _folder.Write("a.csv", [CsvFolder.Header, .. CsvFolder.Rows, .. CsvFolder.Rows.Reverse()]);

        DataSplit split = DataLoader.Load(new DataSource(CsvFolder.Spec, path, null));

        Assert.Equal([1, 2, 3, 4, 4, 3], ((NumberColumn)split.Train.Columns[0]).Values);
        Assert.Equal([2, 1], ((NumberColumn)split.Test.Columns[0]).Values);
        Assert.Equal(2, split.Test.Summary.Rows);
        Assert.Equal(split.Train.Classes, split.Test.Classes);
    }

    [Fact]
    public void Load_CanceledBefore_Stops()
    {
        string path = _folder.Write("a.csv", [CsvFolder.Header, .. Enumerable.Repeat(CsvFolder.Rows[0], 70_000)]);

        Assert.Throws<OperationCanceledException>(
            () => DataLoader.Load(CsvFolder.Spec, path, null, null, new CancellationToken(canceled: true)));
    }

    private static DataSet Load(string path) => DataLoader.Load(CsvFolder.Spec, path, null, null, default);

    private static TrainingException Refused(TrainingFault fault, Action load)
    {
        TrainingException refused = Assert.Throws<TrainingException>(load);
        Assert.Equal(fault, refused.Fault);
        return refused;
    }
}
