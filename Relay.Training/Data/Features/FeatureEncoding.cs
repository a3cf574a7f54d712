using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Features;

/// <summary>How one feature becomes the float32 columns that trees compare: one, unless there are target statistics.</summary>
/// <param name="Name">The column, which is also the graph's input.</param>
/// <param name="Categories">For a category column, the texts in code order: the text at index i becomes the value i, any other
/// text and the empty one become NaN. Null for a number, which is taken as it is.</param>
public sealed record FeatureEncoding(string Name, IReadOnlyList<string>? Categories)
{
    /// <summary>Per column that a category becomes, the value of each text in code order, instead of its code; null where the code is the
    /// value.</summary>
    public IReadOnlyList<float[]>? Statistics { get; init; }

    /// <summary>Whether the values in <see cref="Statistics"/> are classes that decide the answer.</summary>
    public bool IsLookup { get; init; }

    /// <summary>Ensembles over the number or the code alone, whose outputs of 0 and 1 are what trees compare instead: on which side of a split by a
    /// set of categories it is. Null where trees compare the number or the code itself.</summary>
    public IReadOnlyList<TreeEnsemble>? Indicators { get; init; }

    /// <summary>Columns that the feature becomes before there are indicators.</summary>
    public int Width => Statistics?.Count ?? 1;

    /// <summary>Columns that trees compare.</summary>
    public int ComparedWidth => Indicators?.Sum(i => i.OutputCount) ?? Width;

    /// <summary>Per encoded column, the index of its feature.</summary>
    public static int[] FeatureOfColumns(IReadOnlyList<FeatureEncoding> encodings) =>
        [.. encodings.SelectMany((e, feature) => Enumerable.Repeat(feature, e.Width))];

    /// <summary>Per column that trees compare, the index of its feature.</summary>
    public static int[] FeatureOfComparedColumns(IReadOnlyList<FeatureEncoding> encodings) =>
        [.. encodings.SelectMany((e, feature) => Enumerable.Repeat(feature, e.ComparedWidth))];

    /// <summary>The features as a schema lists them.</summary>
    public static IReadOnlyList<ColumnSpec> Columns(IEnumerable<FeatureEncoding> encodings) =>
        [.. encodings.Select(e => new ColumnSpec(e.Name, e.Categories is null ? ColumnType.Number : ColumnType.Category))];
}
