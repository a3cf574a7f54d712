using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <param name="maxTexts">The maximum of different texts.</param>
internal sealed class CategoryColumnBuilder(string name, int maxTexts = CategoryColumnBuilder.MaxCategories) : ColumnBuilder(name)
{
    /// <summary>A column with more texts than this is no category but an identifier or free text.</summary>
    public const int MaxCategories = 10_000;

    /// <summary>Of a column whose texts are counted or looked up, and that no tree tells apart.</summary>
    public const int MaxCounted = 4_000_000;

    public static readonly string TooMany = $"at most {MaxCategories} different texts in a category; mark the column ignore in a spec";

    private readonly ChunkedList<int> _codes = new();
    private readonly TextCodes _texts = new();

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        _codes.Add(cell.IsEmpty ? -1 : _texts.Code(cell));
        return _texts.Count <= maxTexts ? null
            : maxTexts == MaxCategories ? TooMany
            : $"at most {maxTexts} different texts to count or to look up";
    }

    public override DataColumn Finish() => new CategoryColumn(Name, _codes.Drain(), _texts.Texts);
}
