using System.Text;
using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Specs;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data;

/// <summary>Cells and names are text in UTF-8 without NUL, whatever kind they are of; anything else is refused with its place.</summary>
public sealed class TextOfFilesTests : IDisposable
{
    private static readonly ModelSpec Spec = CsvFolder.Spec with
    {
        Columns = [.. CsvFolder.Spec.Columns, new ColumnSpec("weight", ColumnType.Weight), new ColumnSpec("at", ColumnType.Time)],
        Weights = new WeightSpec { Age = new AgeWeights() },
    };

    private static readonly string[] Lines =
    [
        "size,note,kind,rate,verdict,weight,at", "1,a,tcp,0.5,good,1,2025-01-01", "2,b,udp,0.25,bad,1,2025-01-02",
        "3,c,tcp,1e-3,good,1,2025-01-03", "4,d,udp,-7,bad,1,2025-01-04",
    ];

    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("size", 0)]
    [InlineData("kind", 2)]
    [InlineData("rate", 3)]
    [InlineData("verdict", 4)]
    [InlineData("weight", 5)]
    [InlineData("at", 6)]
    public void Load_NulOrInvalidUtf8InACellThatIsRead_IsRefusedWithLineAndColumn(string column, int field)
    {
        foreach (string bad in (string[])["\0", "\xe9", "\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80"])
        {
            string[] cells = Lines[3].Split(',');
            cells[field] += bad;

            TrainingException refused = Refused(() => LoadBoth([.. Lines[..3], string.Join(',', cells), Lines[4]]));

            Assert.Equal(TrainingFault.InvalidData, refused.Fault);
            Assert.Contains("a.csv:4", refused.Message, StringComparison.Ordinal);
            Assert.Contains($"'{column}'", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("caf\xe9")]
    [InlineData("ki\0nd")]
    public void Load_HeaderThatIsNotText_IsRefusedWithItsColumn(string name)
    {
        TrainingException refused = Refused(() => LoadBoth([Lines[0].Replace("note", name), .. Lines[1..]]));

        Assert.Contains("a.csv:1, column 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BadBytesInAColumnThatIsNotRead_ChangeNothing()
    {
        string path = Write([.. Lines[..3], Lines[3].Replace(",c,", ",\xe9\0,"), Lines[4]]);

        Assert.Equal(4, DataLoader.Load(Spec, path, null, null, default).Rows);
    }

    [Fact]
    public void Load_ReplacementCharacterInTheFile_IsACategoryOfItsOwn()
    {
        DataSet set = DataLoader.Load(
            CsvFolder.Spec, _folder.Write("a.csv", [CsvFolder.Header, .. CsvFolder.Rows, "5,e,\ufffd,1,good", "6,f,\ufffd\ufffd,1,good"]),
            null, null, default);

        Assert.Equal(["tcp", "udp", "\ufffd", "\ufffd\ufffd"], Assert.IsType<CategoryColumn>(set.Columns[1]).Categories);
    }

    [Fact]
    public void Load_TextThatStraddlesTheBlocksOfTheReader_IsRead()
    {
        // Two rows have 19 bytes: one of the 19 starts puts a character on the first boundary between blocks.
        const int RowsOfABlock = 30_000;
        const int Starts = 19;
        string[] rows = [.. Enumerable.Range(1, RowsOfABlock).Select(i => i % 2 == 0 ? "1,é,good" : "2,ü,bad")];
        ModelSpec spec = Spec with
        {
            Columns = [new("size", ColumnType.Number), new("kind", ColumnType.Category), new("verdict", ColumnType.Label)],
            Weights = new WeightSpec(),
        };

        for (int start = 0; start < Starts; start++)
        {
            string first = $"{new string('0', start)}1,é,good";

            DataSet set = DataLoader.Load(spec, _folder.Write("a.csv", ["size,kind,verdict", first, .. rows]), null, null, default);

            Assert.Equal(["é", "ü"], Assert.IsType<CategoryColumn>(set.Columns[1]).Categories);
        }
    }

    [Fact]
    public void Load_ByteOrderMark_IsNoPartOfTheFirstName()
    {
        string path = Path.Combine(_folder.Path, "a.csv");
        File.WriteAllText(path, string.Join('\n', [CsvFolder.Header, .. CsvFolder.Rows]), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal(4, DataLoader.Load(CsvFolder.Spec, path, null, null, default).Rows);
    }

    [Theory]
    [InlineData("utf-16", "UTF-16")]
    [InlineData("utf-16BE", "UTF-16")]
    public void Load_Utf16_IsRefusedByName(string encoding, string expected)
    {
        string path = Path.Combine(_folder.Path, "a.csv");
        File.WriteAllText(path, string.Join('\n', [CsvFolder.Header, .. CsvFolder.Rows]), Encoding.GetEncoding(encoding));

        Assert.Contains(expected, Refused(() => DataLoader.Load(CsvFolder.Spec, path, null, null, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherPackedForms_AreRefusedByName()
    {
        foreach ((byte[] start, string name) in ((byte[], string)[])
        [
            ([.. "PK\x03\x04"u8, 1, 2, 3, 4], "ZIP"), ([0x28, 0xb5, 0x2f, 0xfd, 1], "zstd"), ([.. "BZh91AY&SY"u8], "bzip2"),
            ([0xfd, .. "7zXZ"u8, 0, 1], "xz"),
        ])
        {
            string path = Path.Combine(_folder.Path, "a.csv");
            File.WriteAllBytes(path, start);

            Assert.Contains(name, Refused(() => DataLoader.Load(CsvFolder.Spec, path, null, null, default)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Attack", "terminal-escape-in-data")]
    public void Load_ControlCharactersInData_AreEscapedInEveryMessage()
    {
        const string Evil = "\u001b[2J\u202e\u0085";
        ModelSpec groups = CsvFolder.Spec with
        {
            Label = new LabelSpec { Groups = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["good"], ["y"] = [$"{Evil}b"] } },
        };
        string[] messages =
        [
            Message(CsvFolder.Spec, CsvFolder.Header, $"1,a,tcp,\"5\n{Evil}\",good"),
            DataLoader.Load(
                CsvFolder.Spec, _folder.Write("b.csv", CsvFolder.Header + $",\"{Evil}\",\"{Evil}\"", "1,a,tcp,5,good,,"), null, null,
                default).Summary.Warnings!.Single(),
            Message(CsvFolder.Spec, $"size,note,kind,\"{Evil}\nrate\",verdict", "1,a,tcp,5,good"),
            Message(groups, CsvFolder.Header, $"1,a,tcp,5,\"{Evil}\""),
            Refused(() => DataChecks.Require(
                DataLoader.Load(
                    CsvFolder.Spec, _folder.Write("c.csv", [CsvFolder.Header, .. CsvFolder.Rows, $"1,a,tcp,5,\"{Evil}\n\""]), null, null, default),
                CsvFolder.Spec)).Message,
            Refused(() => KnownDataSets.Recognize(_folder.Write("d.csv", $"a,\"{Evil}\n\"", "1,2"), default)).Message,
        ];

        Assert.All(messages, m => Assert.DoesNotContain(m, c => char.IsControl(c) || c == '\u202e'));
        Assert.All(messages, m => Assert.Contains("\\u001b", m, StringComparison.Ordinal));
    }

    private string Message(ModelSpec spec, params string[] lines) =>
        Refused(() => DataLoader.Load(spec, _folder.Write("a.csv", lines), null, null, default)).Message;

    // Both ways to read rows: into columns, and straight into bins.
    private void LoadBoth(string[] lines)
    {
        string path = Write(lines);
        TrainingException binned = Refused(() => DataLoader.LoadBinned(new DataSource(Spec, path, path)));
        TrainingException columns = Refused(() => DataLoader.Load(Spec, path, null, null, default));
        Assert.Equal(columns.Message, binned.Message);
        throw columns;
    }

    private string Write(string[] lines)
    {
        string path = Path.Combine(_folder.Path, "a.csv");
        File.WriteAllText(path, string.Join('\n', lines) + "\n", Encoding.Latin1);
        return path;
    }

    private static TrainingException Refused(Action load) => Assert.Throws<TrainingException>(load);
}
