using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Streaming;

internal sealed class CategorySummarizer(string name) : ColumnReader(name), ISummarizer
{
    private static readonly ulong MissingCell = RowFingerprint.CellOf("");

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
        return _rows.Count > CategoryColumnBuilder.MaxCategories ? CategoryColumnBuilder.TooMany : null;
    }
}
