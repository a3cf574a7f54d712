using Shared.Contracts.Models;

namespace Relay.Training.Data.Csv;

/// <summary>Reads the cells of one column, row by row.</summary>
internal abstract class ColumnReader(string name)
{
    /// <summary>The text for an empty cell in a column that <see cref="IsRequired"/>.</summary>
    public const string RequiredValue = "a value: the spec calls the column required";

    public string Name { get; } = name;

    public bool IsRequired { get; init; }

    /// <summary>Takes one cell, unless it is no text, or empty in a column that the spec calls required.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    public string? Take(ReadOnlySpan<byte> cell) => IsRequired && cell.IsEmpty ? RequiredValue : CellText.FindError(cell) ?? Add(cell);

    /// <summary>Takes one cell, which is text.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    protected abstract string? Add(ReadOnlySpan<byte> cell);
}
