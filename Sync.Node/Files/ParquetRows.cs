using Shared.Columnar;
using Shared.Contracts;
using Shared.Contracts.Models;

namespace Sync.Node.Files;

/// <summary>Rows of a Parquet file, by the cells that a CSV file would hold: the same rows get the same answers. One row group of the model's
/// inputs is in memory.</summary>
internal sealed class ParquetRows : InputRows
{
    private readonly FileStream _file;
    private readonly ParquetRowGroups _groups;
    private readonly IReadOnlyList<(string Name, int Place, bool IsCategory)> _columns;
    private ColumnCells?[] _cells = [];
    private int _row = -1;
    private int _rows;
    private long _done;

    /// <param name="file">Is owned by this object.</param>
    /// <exception cref="FileException">The file lacks a column, or is damaged, or a column has a type that does not fit.</exception>
    public ParquetRows(FileStream file, ModelSchema schema)
    {
        _file = file;
        _groups = Guard(() => new ParquetRowGroups(file, name => schema.Inputs.Any(input => input.Name == name)));
        try
        {
            _columns = [.. schema.Inputs.Select(input => (input.Name, FindFitting(input), input.Type is ColumnType.Category))];
            Ignored = [.. _groups.Names.Where((_, place) => _groups.Columns[place] is null)];
        }
        catch
        {
            _groups.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<string> Ignored { get; }

    protected override string Place => $"row {_done}";

    public override void Dispose()
    {
        _groups.Dispose();
        _file.Dispose();
    }

    protected override bool Read()
    {
        for (_row++; _row >= _rows; _row = 0)
        {
            if (Guard(_groups.Open) is not { } rows)
            {
                return false;
            }

            // The cells of the group before are garbage now, so that two are never in memory.
            _cells = [];
            _cells = Guard(() => _groups.Read(rows));
            _rows = rows;
        }

        _done++;
        return true;
    }

    protected override void ReadRow(List<float> numbers, List<string> categories)
    {
        foreach ((string name, int place, bool isCategory) in _columns)
        {
            ReadOnlySpan<byte> cell = ReadCell(_cells[place]!);
            if (isCategory)
            {
                categories.Add(ReadText(cell));
            }
            else
            {
                numbers.Add(ReadNumber(cell, name));
            }
        }
    }

    private ReadOnlySpan<byte> ReadCell(ColumnCells cells)
    {
        try
        {
            return cells.Read(_row);
        }
        catch (ColumnarException e)
        {
            throw Refuse(e);
        }
    }

    // Texts may be numbers, as in training; what is no number by its type is said once, and not for its first row.
    private int FindFitting(ColumnSpec input)
    {
        int place = Find(_groups.Names, input.Name, "it");
        return input.Type is ColumnType.Category || _groups.Columns[place]!.Kind is CellKind.Number or CellKind.Text
            ? place
            : throw new FileException(
                $"column '{DisplayText.Escape(input.Name, 100)}' holds "
                    + (_groups.Columns[place]!.Kind is CellKind.Truth ? "booleans" : "dates or times")
                    + ", and the model needs a number: write the column as the number that the model was trained with");
    }

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ColumnarException e)
        {
            throw Refuse(e);
        }
    }

    private static FileException Refuse(ColumnarException e) =>
        new((e.Column is { } column ? $"column '{DisplayText.Escape(column, 100)}': " : "the Parquet file: ") + DisplayText.Escape(e.Message, 500));
}
