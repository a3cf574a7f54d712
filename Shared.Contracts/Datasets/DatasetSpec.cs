using System.Text.Json.Serialization;
using Shared.Contracts.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Datasets;

/// <summary>The columns, labels and limits of a dataset, and which columns nodes may send.</summary>
public sealed record DatasetSpec
{
    /// <summary>The name in routes and options, in the form of a model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The columns of its samples, in the order of its exports. One at most has the type label.</summary>
    public required IReadOnlyList<DatasetColumn> Columns { get; init; }

    /// <summary>The labels that it takes; null where no column has the type label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DatasetLabel? Label { get; init; }

    // The serializer's generated code sets members that are absent in the JSON to null, and ignores the initializers.
    public DatasetLimits Limits { get; init => field = value ?? new(); } = new();

    /// <summary>The column that holds labels; null where there is none.</summary>
    [JsonIgnore]
    public DatasetColumn? LabelColumn => Columns.FirstOrDefault(column => column.Type is ColumnType.Label);
}

/// <summary>One column of a dataset.</summary>
public sealed record DatasetColumn(string Name, ColumnType Type)
{
    /// <summary>Whether each sample must have a value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Required { get; init; }

    /// <summary>What becomes of IP addresses; null for a column that holds none: a sample with an address in it is refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AddressHandling? Addresses { get; init; }

    /// <summary>Whether nodes may send this column: their samples with a value in any other are refused, and so are their labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Nodes { get; init; }
}

/// <summary>What becomes of the IP addresses in a column.</summary>
[JsonConverter(typeof(EnumTextConverter<AddressHandling>))]
public enum AddressHandling
{
    /// <summary>Each is replaced by a hash under a key of the dataset, which only the relay has: equal addresses stay equal.</summary>
    [JsonStringEnumMemberName("hash")] Hash,

    /// <summary>They are kept as they are.</summary>
    [JsonStringEnumMemberName("keep")] Keep,
}

/// <summary>The labels that a dataset takes: classes, or numbers.</summary>
public sealed record DatasetLabel
{
    /// <summary>The labels that are taken; null where they are numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>True where labels are finite numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Number { get; init; }
}

/// <summary>The bounds of a dataset.</summary>
/// <param name="RowsPerNodeAndDay">Samples and labels that one node may add in a day (UTC).</param>
/// <param name="NodeShare">Above 0 and up to 1: the share of <paramref name="MaxRows"/> that one node may store, and the share of a training run's
/// rows that it may have sent. Rows of a run beyond it are left out by a draw that is the same each time. Rows that came with an API key are not
/// bounded.</param>
/// <param name="MaxRows">Samples that are kept; further ones are refused.</param>
/// <param name="RetentionDays">Days after which a sample is deleted.</param>
public sealed record DatasetLimits(
    int RowsPerNodeAndDay = 10_000, double NodeShare = 0.2, int MaxRows = 1_000_000, int RetentionDays = 365);
