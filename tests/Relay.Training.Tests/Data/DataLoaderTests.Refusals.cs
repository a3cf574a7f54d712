using System.Security.Cryptography;
using System.Text;
using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data;

// Files, lines and cells that are refused.
public sealed partial class DataLoaderTests
{
    [Theory]
    [InlineData("1,a,tcp,many,good")]
    [InlineData("1,a,tcp,NaN,good")]
    [InlineData("1,a,tcp,Infinity,good")]
    [InlineData("1,a,tcp,1e39,good")]
    [InlineData("1,a,tcp,0x10,good")]
    [InlineData("1,a,tcp,\"1,5\",good")]
    [InlineData("1,a,tcp,2,")]
    [InlineData("1,a,tcp,2")]
    [InlineData("1,a,tcp,2,good,more")]
    [InlineData("1,a,\"tcp,2,good")]
    public void Load_BadLine_IsRefusedWithItsLine(string line)
    {
        string path = _folder.Write("a.csv", [CsvFolder.Header, CsvFolder.Rows[0], "", line]);

        TrainingException refused = Refused(TrainingFault.InvalidData, () => Load(path));

        Assert.Contains("a.csv:4", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BadCell_NamesColumnAndValue()
    {
        string path = _folder.Write("a.csv", CsvFolder.Header, "1,a,tcp,many,good");

        TrainingException refused = Refused(TrainingFault.InvalidData, () => Load(path));

        Assert.Contains("'rate'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'many'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate", "1,a,tcp,,good", "1,a,,2,good")]
    [InlineData("kind", "1,a,,2,good", "1,a,tcp,,good")]
    public void Load_EmptyCellInARequiredColumn_IsRefusedWithItsName(string required, string lacking, string sound)
    {
        ModelSpec spec = CsvFolder.Spec with
        {
            Columns = [.. CsvFolder.Spec.Columns.Select(c => c with { Required = c.Name == required })],
        };
        string[] rows = [CsvFolder.Header, .. CsvFolder.Rows];

        DataLoader.Load(spec, _folder.Write("sound.csv", [.. rows, sound]), null, null, default);
        TrainingException refused = Refused(
            TrainingFault.InvalidData, () => DataLoader.Load(spec, _folder.Write("a.csv", [.. rows, lacking]), null, null, default));

        Assert.Contains("a.csv:6", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{required}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("required", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrainingFault.MissingData, "")]
    [InlineData(TrainingFault.MissingData, CsvFolder.Header + "\n")]
    [InlineData(TrainingFault.InvalidData, "size,note,kind,verdict\n1,a,tcp,good\n")]
    [InlineData(TrainingFault.InvalidData, "size,note,kind,rate,rate,verdict\n1,a,tcp,1,1,good\n")]
    public void Load_BadFile_IsRefused(TrainingFault fault, string text) =>
        Refused(fault, () => Load(_folder.WriteText("a.csv", text)));

    [Fact]
    public void Load_MissingFile_IsRefused() =>
        Refused(TrainingFault.MissingData, () => Load(Path.Combine(_folder.Path, "none.csv")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_BrokenGzip_IsRefused(bool cutOff)
    {
        string text = CsvFolder.Header + "\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i},n{i * 7919},tcp,{i},good\n"));
        string path = _folder.WriteGzip("a.csv.gz", text);
        byte[] bytes = File.ReadAllBytes(path);
        if (!cutOff)
        {
            bytes[bytes.Length / 2] ^= 0x55;
        }

        File.WriteAllBytes(path, cutOff ? bytes[..(bytes.Length / 2)] : bytes);

        Refused(TrainingFault.InvalidData, () => Load(path));
    }
}
