using Relay.Training.Data.Csv;
using Relay.Training.Specs;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Collects one column while rows stream by.</summary>
internal abstract class ColumnBuilder(string name) : ColumnReader(name)
{
    public static ColumnBuilder For(ColumnSpec column) => column.Type switch
    {
        ColumnType.Number => new NumberColumnBuilder(column.Name) { IsRequired = column.Required },
        ColumnType.Category => new CategoryColumnBuilder(column.Name) { IsRequired = column.Required },
        _ => throw new ArgumentException($"Column '{column.Name}' is no feature.", nameof(column)),
    };

    public abstract DataColumn Finish();
}

internal sealed class NumberColumnBuilder(string name) : ColumnBuilder(name)
{
    private readonly ChunkedList<float> values = new();

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (!NumberText.TryParse(cell, out float value))
        {
            return NumberText.Expected;
        }

        values.Add(value);
        return null;
    }

    public void Add(float value) => values.Add(value);

    public override DataColumn Finish() => new NumberColumn(Name, values.Drain());
}

internal sealed class CategoryColumnBuilder(string name) : ColumnBuilder(name)
{
    /// <summary>A column with more texts than this is no category but an identifier or free text.</summary>
    public const int MaxCategories = 10_000;

    public static readonly string TooMany = $"at most {MaxCategories} different texts in a category; mark the column ignore in the spec";

    private readonly ChunkedList<int> codes = new();
    private readonly TextCodes texts = new();

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        codes.Add(cell.IsEmpty ? -1 : texts.Code(cell));
        return texts.Count > MaxCategories
            ? TooMany
            : null;
    }

    public override DataColumn Finish() => new CategoryColumn(Name, codes.Drain(), texts.Texts);
}
