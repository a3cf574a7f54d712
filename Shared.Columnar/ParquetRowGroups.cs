using Parquet;
using Parquet.Schema;

namespace Shared.Columnar;

/// <summary>The row groups of a Parquet file, one after the other, and of each the columns that are read.</summary>
internal sealed class ParquetRowGroups : IDisposable
{
    private readonly ParquetReader _reader;
    private ParquetRowGroupReader? _group;
    private int _next;
    private long _total;

    /// <param name="stream">Stays the caller's.</param>
    /// <param name="isRead">Whether a column of that name is read.</param>
    /// <param name="orElse">What else the caller can do about a column of a type that is not read, as the end of the message.</param>
    /// <exception cref="ColumnarException">The file is damaged or encrypted, or a column that is read has a type that is not read.</exception>
    public ParquetRowGroups(Stream stream, Func<string, bool> isRead, string orElse = "")
    {
        // Dates without a time are a type of their own, as in the file.
        ParquetOptions options = new() { UseDateOnlyTypeForDates = true };
        _reader = ColumnarException.Guard(null, () => ParquetReader.CreateAsync(stream, options, leaveStreamOpen: true).GetAwaiter().GetResult());
        if (_reader.Metadata?.EncryptionAlgorithm is not null)
        {
            throw new ColumnarException(null, "columns of it are encrypted; write it without encryption");
        }

        Field[] fields = ColumnarException.Guard(null, () => _reader.Schema.Fields.ToArray());
        Names = [.. fields.Select(field => field.Name)];
        Columns = [.. fields.Select(field => isRead(field.Name) ? Create(field, orElse) : null)];
    }

    /// <summary>The names of all columns, in the order of the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>By the places of <see cref="Names"/>; null for a column that is not read.</summary>
    public IReadOnlyList<ParquetColumn?> Columns { get; }

    /// <summary>Goes to the next row group.</summary>
    /// <returns>Its rows; null after the last group.</returns>
    /// <exception cref="ColumnarException">The file is damaged, or the group is too large.</exception>
    public int? Open() => ColumnarException.Guard(null, OpenNext);

    /// <summary>Reads the columns of the group.</summary>
    /// <param name="rows">What <see cref="Open"/> returned.</param>
    /// <returns>By the places of <see cref="Names"/>; null for a column that is not read.</returns>
    /// <exception cref="ColumnarException">The file is damaged, or a column is packed in a way that is not read.</exception>
    public ColumnCells?[] Read(int rows)
    {
        ColumnCells?[] cells = new ColumnCells?[Columns.Count];
        for (int place = 0; place < cells.Length; place++)
        {
            cells[place] = Columns[place] is { } column ? ColumnarException.Guard(column.Name, () => Read(column, rows)) : null;
        }

        return cells;
    }

    public void Dispose()
    {
        _group?.Dispose();
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private int? OpenNext()
    {
        _group?.Dispose();
        _group = null;
        if (_next >= _reader.RowGroupCount)
        {
            return _total == _reader.Metadata?.NumRows
                ? null
                : throw new InvalidDataException($"the file states {_reader.Metadata?.NumRows} rows, and its row groups have {_total}");
        }

        _group = _reader.OpenRowGroupReader(_next++);
        int rows = GroupBounds.Check(_group.RowCount, Columns.Count(column => column is not null));
        long bytes = Columns.Sum(column => column is null ? 0 : _group.GetMetadata(column.Field)?.MetaData?.TotalUncompressedSize ?? 0);
        _total += rows;
        return bytes <= GroupBounds.MaxBytes
            ? rows
            : throw new InvalidDataException($"row group {_next - 1} has {bytes} bytes, at most {GroupBounds.MaxBytes}; write it in smaller groups");
    }

    private ColumnCells Read(ParquetColumn column, int rows)
    {
        ParquetPacking.Require(column.Field.ClrType, _group!.GetMetadata(column.Field)?.MetaData);
        return column.Read(_group, rows);
    }

    private static ParquetColumn Create(Field field, string orElse) => field is DataField { IsArray: false, MaxRepetitionLevel: 0 } data
        ? ParquetColumn.Create(data) ?? throw new ColumnarException(
            field.Name, $"the type {data.ClrType.Name} is not read, expected numbers, texts, booleans, dates or times; convert it{orElse}")
        : throw new ColumnarException(
            field.Name, $"it is nested (a list, a map or a record), expected one value per row; flatten it{orElse}");
}
