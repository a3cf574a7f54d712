using Relay.Training.Data.Columnar;
using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Uploads;

/// <summary>Rows that somebody sends, read one by one: each cell is a text in UTF-8, and empty where a value is missing.</summary>
public sealed class UploadFile : IDisposable
{
    private readonly RowFile _rows;

    private UploadFile(RowFile rows) => _rows = rows;

    /// <summary>The names of the columns.</summary>
    /// <exception cref="TrainingException">The header is damaged.</exception>
    public IReadOnlyList<string> Header => _rows.Header;

    /// <summary>The line at which the row begins; of Parquet the row. Both from 1.</summary>
    public long Line => _rows.Line;

    /// <summary>The number of cells of the row.</summary>
    public int FieldCount => _rows.FieldCount;

    /// <summary>CSV with a header line, commas and no packing.</summary>
    /// <param name="content">Is owned by the result.</param>
    /// <exception cref="TrainingException">It is packed, or encoded in another way than UTF-8.</exception>
    public static UploadFile OpenCsv(Stream content) => new(CsvFile.OpenUnpacked("the upload", content, new CsvSpec()));

    /// <param name="file">Is owned by the result.</param>
    /// <exception cref="TrainingException">The file is damaged, or a column has a type that is not read.</exception>
    public static UploadFile OpenParquet(FileStream file) => new(new ParquetRowFile("the upload", file, columns: null));

    /// <summary>Moves to the next row.</summary>
    /// <exception cref="TrainingException">The content is damaged.</exception>
    public bool Read() => _rows.Read();

    /// <summary>A cell of the row; valid until the next one is read.</summary>
    /// <exception cref="TrainingException">The content is damaged.</exception>
    public ReadOnlySpan<byte> Field(int index) => _rows.Field(index);

    public void Dispose() => _rows.Dispose();
}
