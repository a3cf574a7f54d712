using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>One column that a model reads, in the training rows and in the held-out rows.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ColumnReport
{
    public required string Name { get; init; }

    public required ColumnType Type { get; init; }

    /// <summary>The population stability index of the held-out rows against the training rows, over <see cref="Bins"/> and missing values; half a row
    /// is added to each. Null without training rows, as of an imported model.</summary>
    public double? Drift { get; init; }

    /// <summary>Null without training rows.</summary>
    public ColumnValues? Train { get; init; }

    public required ColumnValues HeldOut { get; init; }

    /// <summary>Held-out rows with a text that no training row has: the model takes it as missing.
    /// Null for numbers, and without training rows.</summary>
    public long? Unseen { get; init; }

    /// <summary>Tenths of the training rows by rising value, or their most frequent texts and then all
    /// others. At most 10; null without training rows.</summary>
    public IReadOnlyList<ColumnBin>? Bins { get; init; }
}

/// <summary>The values of a column in some rows.</summary>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Distinct">How many different texts there are, or numbers of the training rows up to 65,536; null where it was not counted.</param>
/// <param name="Min">The smallest number; null for texts, and where no row has one.</param>
/// <param name="Median">The number that half of the rows do not exceed.</param>
/// <param name="Max">The largest number.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ColumnValues(long Missing, long? Distinct = null, float? Min = null, float? Median = null, float? Max = null);

/// <summary>Rows with some values of a column.</summary>
/// <param name="Train">Training rows.</param>
/// <param name="HeldOut">Held-out rows.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ColumnBin(long Train, long HeldOut)
{
    /// <summary>The largest number of the bin; the last bin has none, as every larger number is in it. Null for texts.</summary>
    public float? Upper { get; init; }

    /// <summary>The text of a category; null for numbers, and for the bin of all other texts.</summary>
    public string? Text { get; init; }
}
