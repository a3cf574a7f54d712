using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Collects the values of one column, row by row.</summary>
internal abstract class ColumnBuilder(string name) : ColumnReader(name)
{
    public static ColumnBuilder Create(ColumnSpec column) => column.Type switch
    {
        ColumnType.Number => new NumberColumnBuilder(column.Name) { IsRequired = column.Required },
        ColumnType.Category => new CategoryColumnBuilder(
            column.Name,
            column.Encoding is CategoryEncoding.Count or CategoryEncoding.Lookup
                ? CategoryColumnBuilder.MaxCounted
                : CategoryColumnBuilder.MaxCategories)
        {
            IsRequired = column.Required,
        },
        _ => throw new ArgumentException($"Column '{column.Name}' is no feature.", nameof(column)),
    };

    public abstract DataColumn Finish();
}
