using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Models;
using Shared.Scoring.Functions;

namespace Sync.Client.Scoring;

/// <summary>The inputs that the model's spec requires: a row without a value for one of them is refused.</summary>
internal sealed class RequiredInputs
{
    private readonly ActiveModelVersion _version;
    private readonly RowValidator _rows;
    private readonly ColumnSpec[] _numbers;
    private readonly ColumnSpec[] _categories;

    private RequiredInputs(ActiveModelVersion version, RowValidator rows)
    {
        (_version, _rows) = (version, rows);
        _numbers = [.. version.Schema.Inputs.Where(i => i.Type is ColumnType.Number)];
        _categories = [.. version.Schema.Inputs.Where(i => i.Type is ColumnType.Category)];
    }

    /// <returns>Null where no input is required.</returns>
    public static RequiredInputs? Create(ActiveModelVersion version, RowValidator rows) =>
        version.Schema.Inputs.Any(i => i.Required) ? new RequiredInputs(version, rows) : null;

    /// <param name="numbers">Row after row, of the right width.</param>
    /// <param name="categories">Row after row, of the right width.</param>
    /// <exception cref="RelayModelException">A required value is NaN, null or an empty text.</exception>
    public void Check(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories)
    {
        // Fast path: most rows have all values.
        int last = MissingValues.AnyIn(numbers) ? numbers.Length : 0;
        for (int i = 0; i < last; i++)
        {
            if (float.IsNaN(numbers[i]) && _numbers[i % _numbers.Length].Required)
            {
                Throw(_numbers[i % _numbers.Length], i / _numbers.Length);
            }
        }

        for (int i = 0; i < categories.Length; i++)
        {
            if (string.IsNullOrEmpty(categories[i]) && _categories[i % _categories.Length].Required)
            {
                Throw(_categories[i % _categories.Length], i / _categories.Length);
            }
        }
    }

    [DoesNotReturn]
    private void Throw(ColumnSpec input, int row) => throw _rows.CreateFault(
        RelayModelFault.MissingValue,
        $"{_version.Name} version {_version.Version} requires '{input.Name}', which row {row} does not have: its spec " +
            $"lets no value of it be missing");
}
