using Parquet;
using Parquet.Schema;
using Relay.Training.Data.Csv;

namespace Relay.Training.Data.Columnar;

/// <summary>A Parquet file, one row group at a time.</summary>
internal sealed class ParquetRowFile : ColumnarFile
{
    /// <summary>Of the columns of a row group that are read, as the file states it.</summary>
    private const long MaxGroupBytes = 2L << 30;

    private readonly ParquetReader _reader;
    private readonly string[] _names;
    private readonly ParquetColumn?[] _columns;
    private ParquetRowGroupReader? _group;
    private int _groups;
    private long _total;

    /// <param name="columns">The columns to read; null for all.</param>
    /// <exception cref="TrainingException">The file is damaged, or a column has a type that is not read.</exception>
    public ParquetRowFile(string name, FileStream stream, IReadOnlySet<string>? columns)
        : base(name, stream)
    {
        // Dates without a time are a type of their own, as in the file.
        ParquetOptions options = new() { UseDateOnlyTypeForDates = true };
        _reader = Guard(null, () => Wait(ParquetReader.CreateAsync(stream, options, leaveStreamOpen: true)));
        Field[] fields = Guard(null, () => _reader.Schema.Fields.ToArray());
        _names = [.. fields.Select(f => f.Name)];
        _columns = [.. fields.Select(f => columns?.Contains(f.Name) == false ? null : Create(f))];
    }

    public override IReadOnlyList<string> Header => _names;

    protected override int ColumnCount => _columns.Count(c => c is not null);

    public override void Dispose()
    {
        _group?.Dispose();
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }

    protected override int? OpenGroup()
    {
        _group?.Dispose();
        _group = null;
        if (_groups >= _reader.RowGroupCount)
        {
            return _total == _reader.Metadata?.NumRows
                ? null
                : throw new InvalidDataException($"the file states {_reader.Metadata?.NumRows} rows, and its row groups have {_total}");
        }

        _group = _reader.OpenRowGroupReader(_groups++);
        long bytes = _columns.Where(c => c is not null).Sum(c => _group.GetMetadata(c!.Field)?.MetaData?.TotalUncompressedSize ?? 0);
        _total += _group.RowCount;
        return bytes <= MaxGroupBytes
            ? checked((int)_group.RowCount)
            : throw new InvalidDataException($"row group {_groups - 1} has {bytes} bytes, at most {MaxGroupBytes}; write it in smaller groups");
    }

    protected override ColumnCells?[] ReadGroup(int rows)
    {
        ColumnCells?[] cells = new ColumnCells?[_columns.Length];
        for (int c = 0; c < cells.Length; c++)
        {
            if (_columns[c] is { } column)
            {
                cells[c] = Guard(column.Field.Name, () => column.Read(_group!, rows));
            }
        }

        return cells;
    }

    private ParquetColumn Create(Field field) => field is DataField { IsArray: false, MaxRepetitionLevel: 0 } data
        ? ParquetColumn.Create(data) ?? throw RefuseColumn(
            field.Name, $"the type {data.ClrType.Name} is not read, expected numbers, texts, booleans, dates or times; convert it, or call it ignore")
        : throw RefuseColumn(
            field.Name, "it is nested (a list, a map or a record), expected one value per row; flatten it, or call it ignore");

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
