using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

internal sealed class CategoryColumnBuilder(string name) : ColumnBuilder(name)
{
    /// <summary>A column with more texts than this is no category but an identifier or free text.</summary>
    public const int MaxCategories = 10_000;

    public static readonly string TooMany = $"at most {MaxCategories} different texts in a category; mark the column ignore in a spec";

    private readonly ChunkedList<int> _codes = new();
    private readonly TextCodes _texts = new();

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        _codes.Add(cell.IsEmpty ? -1 : _texts.Code(cell));
        return _texts.Count > MaxCategories
            ? TooMany
            : null;
    }

    public override DataColumn Finish() => new CategoryColumn(Name, _codes.Drain(), _texts.Texts);
}
