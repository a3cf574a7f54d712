using System.Buffers.Binary;
using Parquet;
using Parquet.Schema;
using Relay.TestKit;
using Relay.TestKit.Models;
using Sync.Node.Files;

namespace Sync.Node.Tests.Files;

/// <summary>Files that cannot be read as rows of the model are refused with the column and what to do, and nothing else happens.</summary>
public sealed class InputRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Rows => _folder.Combine("rows.parquet");

    private static ParquetTestColumn Good => ParquetTestColumn.Values<double>("f0", 1, 2, 3);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_ColumnsThatDoNotFit_AreNamed()
    {
        await AssertRefusedAsync("the file has no column 'f1'", Good, ParquetTestColumn.Values<double>("f2", 1, 2, 3));
        await AssertRefusedAsync("column 'f1' holds booleans", Good, ParquetTestColumn.Values<bool>("f1", true, false, null));
        await AssertRefusedAsync(
            "column 'f1' holds dates or times", Good, ParquetTestColumn.Values<DateTime>("f1", DateTime.UnixEpoch, null, null));
        await AssertRefusedAsync(
            "column 'f1': it is nested", ParquetTestColumn.Empty(new ListField("f1", new DataField<int>("element"))),
            ParquetTestColumn.Texts("f0", []));
        await AssertRefusedAsync(
            "column 'f1': the type Guid is not read", ParquetTestColumn.Empty(new DataField<Guid>("f1")), ParquetTestColumn.Texts("f0", []));
    }

    [Fact]
    public async Task Read_CellThatIsNoNumber_IsNamedByItsRow()
    {
        await AssertRefusedAsync("row 2 has 'many' in 'f1': write a finite number", Good, ParquetTestColumn.Texts("f1", ["1", "many", "2"]));
        await AssertRefusedAsync("row 3 has 'Infinity' in 'f1'", Good, ParquetTestColumn.Values<double>("f1", 1, 2, double.PositiveInfinity));
        await AssertRefusedAsync("row 1 has '1E+39' in 'f1'", Good, ParquetTestColumn.Values<double>("f1", 1e39, 2, 3));
    }

    [Theory]
    [InlineData("PARE", "an encrypted Parquet file")]
    [InlineData("ARROW1\0\0", "an Arrow file")]
    [InlineData("FEA1", "a Feather file")]
    [InlineData("PK\x03\x04", "a ZIP archive")]
    [InlineData("PAR1", "the Parquet file: damaged")]
    public void Open_FormThatIsNotRead_SaysWhatToDo(string start, string expected)
    {
        File.WriteAllText(Rows, start + new string(' ', 20));

        Assert.Contains(expected, Assert.Throws<FileException>(() => ReadAll(Rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Gzip_SaysToUnpackIt()
    {
        File.WriteAllBytes(Rows, [0x1f, 0x8b, 8, 0, 0, 0]);

        Assert.Contains("unpack it", Assert.Throws<FileException>(() => ReadAll(Rows)).Message, StringComparison.Ordinal);
    }

    /// <summary>A file with encrypted columns and a footer that is not: it begins as any other one.</summary>
    [Fact]
    public async Task Open_EncryptedColumns_AreRefused()
    {
        await ParquetTestColumn.WriteAsync(Rows, Good, ParquetTestColumn.Values<double>("f1", 1, 2, 3));
        byte[] file = await File.ReadAllBytesAsync(Rows, TestContext.Current.CancellationToken);
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - 8));

        // Before the end of the footer: field 8, a union with the structure AES_GCM_V1, which is empty.
        byte[] field = [0x0C, 0x10, 0x1C, 0x00, 0x00];
        byte[] end = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(end, length + field.Length);
        await File.WriteAllBytesAsync(Rows, [.. file[..^9], .. field, 0, .. end, .. file[^4..]], TestContext.Current.CancellationToken);

        Assert.Contains("encrypted", Assert.Throws<FileException>(() => ReadAll(Rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_CompressionThatIsNotRead_IsNamed()
    {
        await ParquetTestColumn.WriteAsync(Rows, Good, ParquetTestColumn.Values<double>("f1", 1, 2, 3));
        byte[] file = await File.ReadAllBytesAsync(Rows, TestContext.Current.CancellationToken);

        // The path of the column, and the codec behind it: LZO in place of none.
        int at = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x19, 0x18, 2, (byte)'f', (byte)'1', 0x15, 0]);
        Assert.True(at > 0);
        file[at + 6] = 3 << 1;
        await File.WriteAllBytesAsync(Rows, file, TestContext.Current.CancellationToken);

        Assert.Contains(
            "column 'f1': it is compressed with LZO", Assert.Throws<FileException>(() => ReadAll(Rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "hostile-data-file")]
    public async Task Read_FileThatIsCutOffOrChanged_IsRefusedOrReadAndNothingElse()
    {
        await ParquetTestColumn.WriteAsync(
            Rows, 40, CompressionMethod.Snappy, ParquetTestColumn.Values<double>("f0", [.. Enumerable.Range(0, 100).Select(i => (double?)i)]),
            ParquetTestColumn.Texts("f1", [.. Enumerable.Range(0, 100).Select(i => $"{i % 7}")]));
        byte[] whole = await File.ReadAllBytesAsync(Rows, TestContext.Current.CancellationToken);
        Random random = new(7);
        int refusals = 0;
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = round % 3 == 0 ? whole[..random.Next(8, whole.Length)] : [.. whole];
            for (int n = 0; round % 3 != 0 && n < 3; n++)
            {
                bytes[random.Next(8, bytes.Length)] = (byte)random.Next(256);
            }

            await File.WriteAllBytesAsync(Rows, bytes, TestContext.Current.CancellationToken);
            refusals += Record.Exception(() => ReadAll(Rows)) switch
            {
                null => 0,
                FileException => 1,
                Exception other => throw other,
            };
        }

        Assert.InRange(refusals, 100, 200);
    }

    private static int ReadAll(string path)
    {
        using InputRows rows = InputRows.Open(path, TestModel.Create(numbers: 2).Schema);
        (List<float> numbers, List<string> categories) = ([], []);
        int count = 0;
        while (rows.ReadRows(64, numbers, categories) is > 0 and int read)
        {
            count += read;
        }

        return count;
    }

    private async Task AssertRefusedAsync(string expected, params ParquetTestColumn[] columns)
    {
        await ParquetTestColumn.WriteAsync(Rows, columns);

        Assert.Contains(expected, Assert.Throws<FileException>(() => ReadAll(Rows)).Message, StringComparison.Ordinal);
    }
}
