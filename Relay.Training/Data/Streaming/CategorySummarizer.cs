using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Streaming;

/// <param name="keepsCodes">Whether the text of each row is kept, for target statistics: labels become classes after the pass.</param>
internal sealed class CategorySummarizer(string name, bool keepsCodes) : ColumnReader(name), ISummarizer
{
    private static readonly ulong MissingCell = RowFingerprint.CellOf("");

    private const ushort MissingCode = ushort.MaxValue;

    private ChunkedList<ushort> _codes = new();
    private readonly List<long> _rows = [];
    private readonly List<ulong> _cells = [];

    public TextCodes Texts { get; } = new();

    /// <summary>Per code of <see cref="Texts"/>, its rows.</summary>
    public IReadOnlyList<long> Rows => _rows;

    public long Missing { get; private set; }

    public ulong LastCell { get; private set; }

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            Missing++;
            LastCell = MissingCell;
            Keep(MissingCode);
            return null;
        }

        int code = Texts.Code(cell);
        if (code == _rows.Count)
        {
            _rows.Add(0);
            _cells.Add(RowFingerprint.CellOf(Texts.Last));
        }

        _rows[code]++;
        LastCell = _cells[code];
        Keep((ushort)code);
        return _rows.Count > CategoryColumnBuilder.MaxCategories ? CategoryColumnBuilder.TooMany : null;
    }

    /// <summary>Per row the code of its text, -1 for a missing value; to be called once.</summary>
    public int[] DrainCodes() => Array.ConvertAll(_codes.Drain(), code => code == MissingCode ? -1 : code);

    /// <summary>Frees the codes where they are not needed.</summary>
    public void DropCodes() => _codes = new();

    private void Keep(ushort code)
    {
        if (keepsCodes)
        {
            _codes.Add(code);
        }
    }
}
