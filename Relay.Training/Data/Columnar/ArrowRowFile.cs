using Apache.Arrow;
using Apache.Arrow.Ipc;
using Shared.Columnar;

namespace Relay.Training.Data.Columnar;

/// <summary>An Arrow IPC file, also called Feather, one record batch at a time.</summary>
internal sealed class ArrowRowFile : ColumnarFile
{
    private readonly ArrowFileReader _reader;
    private readonly string[] _names;
    private readonly bool[] _isRead;
    private readonly int _batches;
    private RecordBatch? _batch;
    private int _next;

    /// <param name="columns">The columns to read; null for all.</param>
    /// <exception cref="TrainingException">The file is damaged, or a column has a type that is not read.</exception>
    public ArrowRowFile(string name, FileStream stream, IReadOnlySet<string>? columns)
        : base(name, stream)
    {
        _reader = new ArrowFileReader(stream, new FileBoundedAllocator(stream.Length), new UncompressedOnly(), leaveOpen: true);
        (_batches, Schema schema) = Guard(null, () =>
            (_reader.RecordBatchCountAsync().AsTask().GetAwaiter().GetResult(), _reader.GetSchema().AsTask().GetAwaiter().GetResult()));
        _names = [.. schema.FieldsList.Select(f => f.Name)];
        _isRead = [.. schema.FieldsList.Select(f => columns?.Contains(f.Name) != false)];
        foreach (Field field in schema.FieldsList.Where((_, i) => _isRead[i]))
        {
            if (ArrowCells.FindUnreadable(field.DataType) is { } why)
            {
                throw RefuseColumn(field.Name, why);
            }
        }
    }

    public override IReadOnlyList<string> Header => _names;

    protected override int ColumnCount => _isRead.Count(read => read);

    public override void Dispose()
    {
        _batch?.Dispose();
        _reader.Dispose();
        base.Dispose();
    }

    protected override int? OpenGroup()
    {
        _batch?.Dispose();
        _batch = null;
        if (_next >= _batches)
        {
            return null;
        }

        _batch = _reader.ReadRecordBatchAsync(_next++).AsTask().GetAwaiter().GetResult()
            ?? throw new InvalidDataException($"record batch {_next - 1} is missing");
        return _batch.Length;
    }

    protected override ColumnCells?[] ReadGroup(int rows)
    {
        ColumnCells?[] cells = new ColumnCells?[_names.Length];
        for (int c = 0; c < cells.Length; c++)
        {
            int column = c;
            cells[c] = _isRead[c] ? Guard(_names[c], () => Read(column, rows)) : null;
        }

        return cells;
    }

    private ColumnCells Read(int column, int rows)
    {
        IArrowArray array = _batch!.Column(column);
        return array.Length == rows
            ? ArrowCells.Create(_names[column], array)
            : throw new InvalidDataException($"{array.Length} values in a batch of {rows} rows");
    }
}
