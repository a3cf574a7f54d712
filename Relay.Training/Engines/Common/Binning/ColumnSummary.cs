using System.Runtime.InteropServices;

namespace Relay.Training.Engines.Common.Binning;

/// <summary>What bin edges need to know of a column, in bounded memory: how many rows have which values. Values are told apart
/// by the leading bits of their order-preserving key, by as many as give at most <see cref="MaxCells"/> cells. How many that are
/// depends on the set of values alone: the summary is the same in whatever order and in whatever parts rows come.</summary>
internal sealed class ColumnSummary
{
    /// <summary>Up to this many distinct values, the summary is exact.</summary>
    public const int MaxCells = 1 << 16;

    private const int FirstSlots = 1 << 8;
    private ValueCell[] _slots = new ValueCell[FirstSlots];
    private int _shift;
    private int _latest;

    /// <summary>Rows without a value.</summary>
    public long Missing { get; private set; }

    public int CellCount { get; private set; }

    /// <summary>Trailing bits of a key that do not tell cells apart.</summary>
    public int Shift => _shift;

    /// <summary>A summary with these cells.</summary>
    /// <param name="cells">At most <see cref="MaxCells"/>, no two of which are one after the shift.</param>
    public static ColumnSummary Create(int shift, long missing, IEnumerable<ValueCell> cells)
    {
        ColumnSummary summary = new() { _shift = shift, Missing = missing };
        foreach (ValueCell cell in cells)
        {
            summary.Add(cell);
        }

        return summary;
    }

    public void Add(float value)
    {
        if (float.IsNaN(value))
        {
            Missing++;
            return;
        }

        uint key = FloatKey.FromValue(value);

        // Logs repeat themselves: the cell of the row before is often the one.
        ref ValueCell cell = ref _slots[_latest];
        if (cell.Min == key && cell.Max == key && cell.Rows > 0)
        {
            cell = cell with { Rows = cell.Rows + 1 };
            return;
        }

        Add(new ValueCell(key, key, 1));
    }

    public void Add(float value, long rows)
    {
        if (float.IsNaN(value))
        {
            Missing += rows;
        }
        else if (rows > 0)
        {
            uint key = FloatKey.FromValue(value);
            Add(new ValueCell(key, key, rows));
        }
    }

    /// <summary>Adds the rows of another part of the column.</summary>
    public void Merge(ColumnSummary other)
    {
        Missing += other.Missing;
        if (other._shift > _shift)
        {
            _shift = other._shift;
            Rebuild(_slots.Length);
        }

        foreach (ValueCell cell in other._slots)
        {
            if (cell.Rows > 0)
            {
                Add(cell);
            }
        }
    }

    /// <summary>The cells in ascending order of their values.</summary>
    public ValueCell[] Cells()
    {
        ValueCell[] cells = new ValueCell[CellCount];
        uint[] keys = new uint[CellCount];
        int count = 0;
        foreach (ValueCell cell in _slots)
        {
            if (cell.Rows > 0)
            {
                keys[count] = cell.Min;
                cells[count++] = cell;
            }
        }

        Array.Sort(keys, cells);
        return cells;
    }

    /// <summary>A form for other processes of the same machine type.</summary>
    public byte[] ToBytes()
    {
        ReadOnlySpan<long> head = [_shift, Missing];
        return [.. MemoryMarshal.AsBytes(head), .. MemoryMarshal.AsBytes<ValueCell>(Cells())];
    }

    /// <param name="bytes">What <see cref="ToBytes"/> gave.</param>
    public static ColumnSummary FromBytes(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<long> head = MemoryMarshal.Cast<byte, long>(bytes[..(2 * sizeof(long))]);
        return Create((int)head[0], head[1], MemoryMarshal.Cast<byte, ValueCell>(bytes[(2 * sizeof(long))..]).ToArray());
    }

    private void Add(ValueCell added)
    {
        int at = Find(added.Min);
        _latest = at;
        ref ValueCell cell = ref _slots[at];
        if (cell.Rows > 0)
        {
            cell = cell.With(added);
            return;
        }

        cell = added;
        CellCount++;
        if (CellCount > MaxCells)
        {
            while (CellCount > MaxCells)
            {
                _shift++;
                Rebuild(_slots.Length);
            }
        }
        else if (2 * CellCount > _slots.Length)
        {
            Rebuild(2 * _slots.Length);
        }
    }

    /// <returns>The slot of the key's cell, or the empty one where it belongs.</returns>
    private int Find(uint key)
    {
        int mask = _slots.Length - 1;
        uint prefix = key >> _shift;
        int at = (int)((prefix * 0x9E37_79B1) >> 15) & mask;
        while (_slots[at].Rows > 0 && _slots[at].Min >> _shift != prefix)
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    private void Rebuild(int length)
    {
        ValueCell[] cells = _slots;
        _slots = new ValueCell[length];
        CellCount = 0;
        _latest = 0;
        foreach (ValueCell cell in cells)
        {
            if (cell.Rows > 0)
            {
                int at = Find(cell.Min);
                CellCount += _slots[at].Rows > 0 ? 0 : 1;
                _slots[at] = _slots[at].Rows > 0 ? _slots[at].With(cell) : cell;
            }
        }
    }
}

/// <summary>Neighbouring values of a column.</summary>
/// <param name="Min">Key of the smallest one, see <see cref="FloatKey"/>.</param>
/// <param name="Max">Key of the greatest one.</param>
/// <param name="Rows">Rows that have one of them.</param>
internal readonly record struct ValueCell(uint Min, uint Max, long Rows)
{
    public ValueCell With(ValueCell other) =>
        new(Math.Min(Min, other.Min), Math.Max(Max, other.Max), Rows + other.Rows);
}
