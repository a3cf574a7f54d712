using System.Globalization;
using System.Text;
using Relay.Training.Data.Csv;

namespace Relay.Training.Specs.Drafting;

/// <summary>What has been seen of one column. Memory is bounded: texts beyond <see cref="MaxTexts"/> are not told apart.</summary>
internal sealed class ColumnSurvey
{
    public const int MaxTexts = 10_000;

    // Longer ones are free text; the column is no category whatever follows.
    private const int MaxBytes = 256;
    private const int MaxMarkBytes = 16;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly HashSet<string> _marks = new(StringComparer.Ordinal);
    private bool _isCrowded;
    private bool _isSequence = true;
    private double _last = double.NaN;
    private long _percents;
    private long _marked;

    public ColumnSurvey() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Cells that are not empty.</summary>
    public long Cells { get; private set; }

    /// <summary>Cells that are numbers as they stand.</summary>
    public long Numbers { get; private set; }

    /// <summary>True when every cell is a number, perhaps besides <see cref="Marks"/> and numbers that end with a percent sign.</summary>
    public bool IsNumber => Numbers + _percents + _marked == Cells && (Numbers + _percents > 0 || Cells == 0);

    public bool HasPercents => _percents > 0;

    /// <summary>Known marks of a missing value that the column has.</summary>
    public IReadOnlyCollection<string> Marks => _marks;

    /// <summary>True when each row has the number of the row before and one more.</summary>
    public bool IsSequence => _isSequence && Numbers == Cells;

    /// <summary>True when texts stand in few rows each: no tree learns from them.</summary>
    public bool IsFreeText => _isCrowded || (_texts.Count > 100 && _texts.Count * 2L > Cells);

    /// <summary>Different cells; more than <see cref="MaxTexts"/> where they were not counted on.</summary>
    public int Distinct => _isCrowded ? MaxTexts + 1 : _texts.Count;

    public IEnumerable<string> Texts => _texts.Order(StringComparer.Ordinal);

    public void Add(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            _isSequence = false;
            return;
        }

        Cells++;
        if (NumberText.TryParse(cell, out _))
        {
            Numbers++;

            // As double: large numbers of rows are not told apart as float.
            double number = double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
            _isSequence = _isSequence && (Cells == 1 || number == _last + 1);
            _last = number;
        }
        else if (cell[^1] == (byte)'%' && NumberText.TryParse(cell[..^1], out float percent) && !float.IsNaN(percent))
        {
            _percents++;
        }

        else if (FindMark(cell) is { } mark)
        {
            _marked++;
            _marks.Add(mark);
        }

        AddText(cell);
    }

    private static string? FindMark(ReadOnlySpan<byte> cell) =>
        cell.Length <= MaxMarkBytes && Encoding.UTF8.GetString(cell) is var text && MissingText.Looks(text) ? text : null;

    private void AddText(ReadOnlySpan<byte> cell)
    {
        if (_isCrowded)
        {
            return;
        }

        Span<char> chars = stackalloc char[MaxBytes];
        if (cell.Length <= MaxBytes)
        {
            _lookup.Add(chars[..Encoding.UTF8.GetChars(cell, chars)]);
        }

        _isCrowded = cell.Length > MaxBytes || _texts.Count > MaxTexts;
    }
}
