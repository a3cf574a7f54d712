using Shared.Contracts.Models;

namespace Relay.Training.Data.Features;

/// <summary>How one feature becomes the float32 that trees compare.</summary>
/// <param name="Name">The column, which is also the graph's input.</param>
/// <param name="Categories">For a category column, the texts in code order: the text at index i becomes the value i, any other
/// text and the empty one become NaN. Null for a number, which is taken as it is.</param>
public sealed record FeatureEncoding(string Name, IReadOnlyList<string>? Categories)
{
    /// <summary>The features as a schema lists them.</summary>
    public static IReadOnlyList<ColumnSpec> Columns(IEnumerable<FeatureEncoding> encodings) =>
        [.. encodings.Select(e => new ColumnSpec(e.Name, e.Categories is null ? ColumnType.Number : ColumnType.Category))];
}
