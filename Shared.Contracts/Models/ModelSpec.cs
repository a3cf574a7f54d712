using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Shared.Contracts.Models;

/// <summary>What a model learns from and how: everything that differs between two models, so that no code does.</summary>
public sealed record ModelSpec
{
    private const string ManagedEngine = "managed";

    /// <summary>Lower-case letters, digits and hyphens, 1 to 64 characters, a hyphen neither first nor last; the name in
    /// routes, targets and code.</summary>
    public required string Name { get; init; }

    public required ModelTask Task { get; init; }

    public required ModelAlgorithm Algorithm { get; init; }

    /// <summary>The columns of the data, in file order where the file has no header line. One has the type label.</summary>
    public required IReadOnlyList<ColumnSpec> Columns { get; init; }

    // The serializer's generated code sets members that the JSON leaves out to null, whatever stands after the property.
    public LabelSpec Label { get; init => field = value ?? new(); } = new();

    public CsvSpec Csv { get; init => field = value ?? new(); } = new();

    public ModelParameters Parameters { get; init => field = value ?? new(); } = new();

    public WeightSpec Weights { get; init => field = value ?? new(); } = new();

    /// <summary>The training engine; "managed" is the built-in one.</summary>
    public string Engine { get; init => field = value ?? ManagedEngine; } = ManagedEngine;

    /// <summary>The columns that the model reads, in order: this is the row that Predict takes.</summary>
    [JsonIgnore]
    public IEnumerable<ColumnSpec> Features => Columns.Where(c => c.Type is ColumnType.Number or ColumnType.Category);
}

[JsonConverter(typeof(EnumTextConverter<ModelTask>))]
public enum ModelTask
{
    /// <summary>A class and a probability for each class.</summary>
    [JsonStringEnumMemberName("classification")] Classification,

    /// <summary>A number.</summary>
    [JsonStringEnumMemberName("regression")] Regression,

    /// <summary>How ordinary a row is: from -1 to 0, lower is stranger, as scikit-learn signs it.</summary>
    [JsonStringEnumMemberName("anomaly-detection")] AnomalyDetection,

    /// <summary>The row's numbers, each with mean 0 and variance 1 over the training rows.</summary>
    [JsonStringEnumMemberName("scaling")] Scaling,
}

[JsonConverter(typeof(EnumTextConverter<ModelAlgorithm>))]
public enum ModelAlgorithm
{
    [JsonStringEnumMemberName("random-forest")] RandomForest,
    [JsonStringEnumMemberName("gradient-boosting")] GradientBoosting,
    [JsonStringEnumMemberName("isolation-forest")] IsolationForest,
    [JsonStringEnumMemberName("standard-scaler")] StandardScaler,
}

/// <summary>One column of the data.</summary>
public sealed record ColumnSpec(string Name, ColumnType Type)
{
    /// <summary>Whether a feature always has a value: neither training data nor rows to answer may lack it. Left out of the text where it is
    /// false, so that schemas from before it keep their hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Required { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<ColumnType>))]
public enum ColumnType
{
    /// <summary>A finite number; an empty cell is a missing value.</summary>
    [JsonStringEnumMemberName("number")] Number,

    /// <summary>A text out of a small set; one that training never saw counts as missing.</summary>
    [JsonStringEnumMemberName("category")] Category,

    /// <summary>The class to learn.</summary>
    [JsonStringEnumMemberName("label")] Label,

    /// <summary>Present in the data, not read.</summary>
    [JsonStringEnumMemberName("ignore")] Ignore,

    /// <summary>How much a row counts in training, a finite number above 0; not a feature.</summary>
    [JsonStringEnumMemberName("weight")] Weight,

    /// <summary>When a row was seen, in ISO 8601 or Unix seconds; the age rule of <see cref="WeightSpec"/> reads it. Not a feature.</summary>
    [JsonStringEnumMemberName("time")] Time,
}

/// <summary>How values of the label column become classes.</summary>
public sealed record LabelSpec
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> None = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Class name to the raw values it gathers; empty: every raw value is a class of its own.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init => field = value ?? None; } = None;

    /// <summary>The class that means "nothing wrong"; a model without it in its data is refused. Null: not checked.</summary>
    public string? Benign { get; init; }
}

/// <summary>The form of the CSV files.</summary>
/// <param name="Header">Whether the first line names the columns.</param>
/// <param name="Delimiter">One printable ASCII character or a tab, but no quote.</param>
public sealed record CsvSpec(bool Header = true, string Delimiter = ",");
