using System.Security.Cryptography;
using Relay.Training.Data.Csv;
using Shared.Columnar;

namespace Relay.Training.Data.Columnar;

/// <summary>A file that holds columns in groups of rows: one group is in memory at a time, and of it the columns that are read.</summary>
internal abstract class ColumnarFile : RowFile
{
    private readonly string _digest;
    private ColumnCells?[] _cells = [];
    private int _row = -1;
    private int _rows;
    private long _line;

    /// <param name="stream">Is owned by this file.</param>
    protected ColumnarFile(string name, FileStream stream)
    {
        Name = name;
        Stream = stream;
        _digest = Digest();
    }

    public override string Name { get; }

    public override bool HasHeader => true;

    public override string HeaderPlace => Name;

    public override long Line => _line;

    public override int FieldCount => Header.Count;

    protected FileStream Stream { get; }

    public override bool Read()
    {
        _row++;
        while (_row >= _rows)
        {
            if (!NextGroup())
            {
                return false;
            }

            _row = 0;
        }

        _line++;
        return true;
    }

    public override ReadOnlySpan<byte> Field(int index)
    {
        ColumnCells cells = _cells[index] ?? throw new InvalidOperationException($"Column {index} is not read.");
        try
        {
            return cells.Read(_row);
        }
        catch (ColumnarException e)
        {
            throw Refuse(e);
        }
    }

    // The content is read in no order, so that its bytes are hashed by themselves: once before and once after.
    public override string Finish() => Guard(null, Digest) == _digest
        ? _digest
        : throw new TrainingException(TrainingFault.InvalidData, $"{Name}: changed while it was read, train again when it is at rest");

    public override void Dispose() => Stream.Dispose();

    /// <summary>The rows of the next group; null after the last.</summary>
    protected abstract int? OpenGroup();

    /// <summary>The cells of the group, per column; null for those that are not read.</summary>
    protected abstract ColumnCells?[] ReadGroup(int rows);

    /// <summary>The number of columns that are read.</summary>
    protected abstract int ColumnCount { get; }

    /// <summary>Runs what a library does with the file: whatever it throws, the file is at fault.</summary>
    protected T Guard<T>(string? column, Func<T> read)
    {
        try
        {
            return ColumnarException.Guard(column, read);
        }
        catch (ColumnarException e)
        {
            throw Refuse(e);
        }
    }

    protected TrainingException RefuseColumn(string column, string what) => Refuse(new ColumnarException(column, what));

    private TrainingException Refuse(ColumnarException e) => new(
        TrainingFault.InvalidData, $"{Name}{(e.Column is null ? "" : $", column '{DataErrors.Shorten(e.Column)}'")}: {e.Message}", e);

    private bool NextGroup()
    {
        if (Guard(null, OpenGroup) is not { } rows)
        {
            return false;
        }

        _rows = Guard(null, () => GroupBounds.Check(rows, ColumnCount));
        _cells = ReadGroup(_rows);
        return true;
    }

    // Of what the disk has, and not of the stream's buffer.
    private string Digest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        long at = 0;
        for (int read; (read = RandomAccess.Read(Stream.SafeFileHandle, buffer, at)) > 0; at += read)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
