using System.Text;

namespace Relay.Server.Datasets.Samples;

/// <summary>One row of an upload while it is read and checked: the cells of the columns of a dataset, in their order. It is used for row after
/// row.</summary>
internal sealed class SampleRow(int columns)
{
    private readonly (int Start, int Length)[] _cells = new (int, int)[columns];
    private byte[] _bytes = new byte[4096];
    private int _used;

    /// <summary>The line at which the row begins.</summary>
    public long Line { get; private set; }

    /// <summary>The id of the sample; null where the row has none.</summary>
    public string? Id { get; set; }

    public int Columns => _cells.Length;

    public void Begin(long line)
    {
        (Line, Id, _used) = (line, null, 0);
        Array.Clear(_cells);
    }

    public ReadOnlySpan<byte> Cell(int column) => _bytes.AsSpan(_cells[column].Start, _cells[column].Length);

    public string Text(int column) => Encoding.UTF8.GetString(Cell(column));

    public void Set(int column, ReadOnlySpan<byte> cell)
    {
        if (_used + cell.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + cell.Length));
        }

        cell.CopyTo(_bytes.AsSpan(_used));
        _cells[column] = (_used, cell.Length);
        _used += cell.Length;
    }

    /// <summary>The cells as they are stored: each ended by NUL, which no cell holds, but for one column.</summary>
    /// <param name="without">The column of the label; -1 for none.</param>
    public byte[] Encode(int without)
    {
        byte[] encoded = new byte[_cells.Where((_, column) => column != without).Sum(cell => cell.Length + 1)];
        int at = 0;
        for (int column = 0; column < _cells.Length; column++)
        {
            if (column != without)
            {
                Cell(column).CopyTo(encoded.AsSpan(at));
                at += _cells[column].Length + 1;
            }
        }

        return encoded;
    }
}
