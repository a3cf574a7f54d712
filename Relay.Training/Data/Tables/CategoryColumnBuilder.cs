using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

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
