using System.Text;
using Relay.Training.Data.Csv;

namespace Relay.Training.Data.Reading;

/// <summary>The first faulty cell of each column of a file, so that one answer names all columns that are at fault. The rest of a column that has one
/// is not read.</summary>
/// <param name="file">The file's name, without folders.</param>
internal sealed class FaultyColumns(string file)
{
    private const int MaxListed = 12;

    private readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);

    public bool Has(string column) => _faults.Count > 0 && _faults.ContainsKey(column);

    /// <param name="field">Where the cell stands in the row.</param>
    public void Add(RowFile rows, string column, int field, string expected) =>
        _faults.Add(column, DataErrors.Cell(file, rows.Line, column, Encoding.UTF8.GetString(rows.Field(field)), expected));

    /// <exception cref="TrainingException">A column has a faulty cell.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            throw Refuse(null);
        }
    }

    /// <summary>All faults so far.</summary>
    /// <param name="last">One that ends the reading; null where there is none.</param>
    public TrainingException Refuse(string? last)
    {
        string[] shown = [.. _faults.Values.Take(MaxListed)];
        string more = _faults.Count > shown.Length ? $"; and in {_faults.Count - shown.Length} more columns" : "";
        string faults = string.Join("; ", shown) + more;
        return new TrainingException(TrainingFault.InvalidData, last is null ? faults : faults.Length == 0 ? last : $"{faults}; {last}");
    }
}
