using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Uploads;

/// <summary>Checks single cells as training would read them, so that what a dataset takes can be trained.</summary>
public static class CellRules
{
    /// <summary>What was expected instead of the cell; null for one that a column of this type can hold. An empty cell is a missing value.</summary>
    public static string? FindError(ColumnType type, ReadOnlySpan<byte> cell) => cell.IsEmpty ? null : CellText.FindError(cell) ?? type switch
    {
        ColumnType.Number => NumberText.TryParse(cell, out _) ? null : NumberText.Expected,
        ColumnType.Weight => NumberText.TryParse(cell, out float weight) && weight > 0 ? null : "a finite number above 0",
        ColumnType.Time => TimeText.TryParse(cell, out _) ? null : TimeText.Expected,
        _ => null,
    };

    /// <summary>What was expected instead of the label of a regression; null for one.</summary>
    public static string? FindNumberError(ReadOnlySpan<byte> label) =>
        !label.IsEmpty && NumberText.TryParse(label, out _) ? null : "a finite number";

    /// <summary>The number in a cell as a model reads it, NaN for an empty one; null for what is no number.</summary>
    public static float? FindNumber(ReadOnlySpan<byte> cell) => NumberText.TryParse(cell, out float value) ? value : null;

    /// <summary>The time in a cell, in seconds since 1970.</summary>
    public static double? FindTime(ReadOnlySpan<byte> cell) => TimeText.TryParse(cell, out double seconds) ? seconds : null;
}
