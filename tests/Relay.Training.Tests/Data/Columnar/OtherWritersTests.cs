using System.Text;
using Relay.TestKit;
using Shared.Columnar;

namespace Relay.Training.Tests.Data.Columnar;

/// <summary>Parquet files that DuckDB 1.5 and Apache Arrow for C++ 25, by which pyarrow writes, made of <c>OtherWriters/rows.csv</c>.</summary>
public sealed class OtherWritersTests
{
    private static readonly string Folder =
        RepositoryRoot.Combine("tests", "Relay.Training.Tests", "Data", "Columnar", "OtherWriters");

    /// <summary>Most of Arrow's columns here cannot have missing values, after one that can: of those the library fills in no levels, and took what
    /// was in its memory for them.</summary>
    [Theory]
    [InlineData("arrow.parquet")]
    [InlineData("arrow-pages-v2-zstd.parquet")]
    [InlineData("duckdb.parquet")]
    [InlineData("duckdb-v2-zstd.parquet")]
    public void Read_FileOfAnotherWriter_HasTheCellsOfTheCsvFile(string file)
    {
        string[][] rows = [.. File.ReadLines(Path.Combine(Folder, "rows.csv")).Select(line => line.Split(','))];
        using FileStream stream = File.OpenRead(Path.Combine(Folder, file));
        using ParquetRowGroups groups = new(stream, _ => true);
        int[] places = [.. groups.Names.Select(name => Array.IndexOf(rows[0], name))];

        int next = 1;
        while (groups.Open() is { } count)
        {
            ColumnCells?[] cells = groups.Read(count);
            for (int row = 0; row < count; row++, next++)
            {
                Assert.Equal(places.Select(place => rows[next][place]), cells.Select(column => Encoding.UTF8.GetString(column!.Text(row))));
            }
        }

        Assert.Equal(rows.Length, next);
        Assert.True(places.Length >= 4);
    }

    /// <summary>The library would give other values: of the truths all false, of the texts "üba" for "üa".</summary>
    [Theory]
    [InlineData("arrow-truths.parquet", "ok", "RLE")]
    [InlineData("arrow-truths-mixed.parquet", "ok", "RLE")]
    [InlineData("arrow-delta-texts.parquet", "protocol", "DELTA_BYTE_ARRAY")]
    [InlineData("duckdb-v2-days.parquet", "day", "DELTA_BINARY_PACKED")]
    [InlineData("duckdb-v2-decimals.parquet", "amount", "DELTA_BINARY_PACKED")]
    public void Read_EncodingThatIsNotReadRightly_IsRefusedByItsNameWithWhatToDo(string file, string column, string encoding)
    {
        using FileStream stream = File.OpenRead(Path.Combine(Folder, file));
        using ParquetRowGroups groups = new(stream, _ => true);
        int rows = groups.Open()!.Value;

        ColumnarException refused = Assert.Throws<ColumnarException>(() => groups.Read(rows));

        Assert.Equal(column, refused.Column);
        Assert.StartsWith(
            $"it is encoded as {encoding}, which is not read of columns of its type; write it as PLAIN or with a dictionary", refused.Message,
            StringComparison.Ordinal);
    }
}
