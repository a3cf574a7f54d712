using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Shared.Contracts.Models;

/// <summary>The specification of a model: its data, task, algorithm and parameters. Two models differ in their specs only, not in code.</summary>
public sealed record ModelSpec
{
    private const string ManagedEngine = "managed";

    /// <summary>The name in routes, targets and code: a <see cref="RelayName"/> that does not end with a hyphen.</summary>
    public required string Name { get; init; }

    public required ModelTask Task { get; init; }

    public required ModelAlgorithm Algorithm { get; init; }

    /// <summary>The columns of the data, in file order where the file has no header line. One has the type label.</summary>
    public required IReadOnlyList<ColumnSpec> Columns { get; init; }

    // The serializer's generated code sets members that are absent in the JSON to null, and ignores the initializers.
    public LabelSpec Label { get; init => field = value ?? new(); } = new();

    public CsvSpec Csv { get; init => field = value ?? new(); } = new();

    public ModelParameters Parameters { get; init => field = value ?? new(); } = new();

    public WeightSpec Weights { get; init => field = value ?? new(); } = new();

    /// <summary>The search for parameters that the spec does not give; null for none.</summary>
    public TuneSpec? Tune { get; init; }

    /// <summary>The budget that the smallest model is searched for; null trains the parameters as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public BudgetSpec? Budget { get; init; }

    /// <summary>The bounds of gates by their names, where the defaults do not fit; null for the defaults of all.</summary>
    public IReadOnlyDictionary<string, GateBounds>? Gates { get; init; }

    /// <summary>The columns by whose values the card of a version compares quality, of type number, category or ignore; null for none. The model does
    /// not depend on them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Fairness { get; init; }

    /// <summary>What nodes that run the model may send to a dataset; null for nothing. It is part of the signed file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SampleConsent? Samples { get; init; }

    /// <summary>The training engine; "managed" is the built-in one.</summary>
    public string Engine { get; init => field = value ?? ManagedEngine; } = ManagedEngine;

    /// <summary>True where the API key that approves a version has to be another person's than the one that started its training. Not written where
    /// it is false, and never part of a digest: it says nothing about the model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TwoPeople { get; init; }

    /// <summary>The columns that the model reads, in the order of the rows of Predict.</summary>
    [JsonIgnore]
    public IEnumerable<ColumnSpec> Features => Columns.Where(c => c.Type is ColumnType.Number or ColumnType.Category);

    /// <summary>The columns of <see cref="Fairness"/> that the model does not read.</summary>
    [JsonIgnore]
    public IEnumerable<ColumnSpec> GroupColumns =>
        Columns.Where(c => c.Type is ColumnType.Ignore && Fairness?.Contains(c.Name, StringComparer.Ordinal) == true);
}

[JsonConverter(typeof(EnumTextConverter<ModelTask>))]
public enum ModelTask
{
    /// <summary>A class and a probability for each class.</summary>
    [JsonStringEnumMemberName("classification")] Classification,

    /// <summary>A number.</summary>
    [JsonStringEnumMemberName("regression")] Regression,

    /// <summary>An anomaly score: from -1 to 0, lower means more anomalous, with the sign of scikit-learn.</summary>
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

    /// <summary>Whatever made it: versions are imported, and not trained.</summary>
    [JsonStringEnumMemberName("imported")] Imported,
}

/// <summary>One column of the data.</summary>
public sealed record ColumnSpec(string Name, ColumnType Type)
{
    /// <summary>Whether a feature must have a value, in training data and in rows of Predict. Not written where it is false, so that
    /// older schemas keep their hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Required { get; init; }

    /// <summary>What a category becomes before trees compare it; null: <see cref="CategoryEncoding.Target"/> where classification or regression sees
    /// more than 255 different texts in the training rows, else <see cref="CategoryEncoding.Frequency"/>. No part of a schema.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CategoryEncoding? Encoding { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<CategoryEncoding>))]
public enum CategoryEncoding
{
    /// <summary>The rank of the text by its frequency in the training rows.</summary>
    [JsonStringEnumMemberName("frequency")] Frequency,

    /// <summary>How often each class occurs in rows with the text, or the mean of the number to learn in them, from other rows than the one that
    /// learns.</summary>
    [JsonStringEnumMemberName("target")] Target,

    /// <summary>How many training rows with the text are not of the benign class, from other rows than the one that learns; a text without any is a
    /// missing value. Classification with a benign class.</summary>
    [JsonStringEnumMemberName("count")] Count,

    /// <summary>The class of the training rows with the text, which is the answer wherever the text occurs: trees learn nothing from the column.
    /// Gradient boosting of the managed engine.</summary>
    [JsonStringEnumMemberName("lookup")] Lookup,
}

[JsonConverter(typeof(EnumTextConverter<ColumnType>))]
public enum ColumnType
{
    /// <summary>A finite number; an empty cell is a missing value.</summary>
    [JsonStringEnumMemberName("number")] Number,

    /// <summary>A text from a small set; a text that is not in the training data counts as missing.</summary>
    [JsonStringEnumMemberName("category")] Category,

    /// <summary>The class to learn.</summary>
    [JsonStringEnumMemberName("label")] Label,

    /// <summary>A column that is not read.</summary>
    [JsonStringEnumMemberName("ignore")] Ignore,

    /// <summary>The weight of a row in training, a finite number above 0; not a feature.</summary>
    [JsonStringEnumMemberName("weight")] Weight,

    /// <summary>The time of a row, in ISO 8601 or Unix seconds, for the age weights of <see cref="WeightSpec"/>; not a feature.</summary>
    [JsonStringEnumMemberName("time")] Time,
}

/// <summary>How values of the label column become classes.</summary>
public sealed record LabelSpec
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> None = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Class name to the raw values that belong to it; when empty, every raw value is a class.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init => field = value ?? None; } = None;

    /// <summary>The class that means "nothing wrong"; data without it is refused. Null: not checked.</summary>
    public string? Benign { get; init; }

    /// <summary>Whether raw labels that differ only in case or white space are one class, by the spelling that is first in ordinal order. Not
    /// written where it is false, so that older specs keep their digest.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MergeSpellings { get; init; }
}

/// <summary>The format of the CSV files.</summary>
/// <param name="Header">Whether the first line names the columns.</param>
/// <param name="Delimiter">One printable ASCII character or a tab, but no quote.</param>
public sealed record CsvSpec(bool Header = true, string Delimiter = ",")
{
    /// <summary>Cells that stand for a missing value, such as NA, - and ?; null for none but the empty cell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Number columns whose cells may end with a percent sign: 12.5% is read as 12.5.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Percent { get; init; }

    /// <summary>Columns whose cells hold lists, and what of a list is read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, ListSpec>? Lists { get; init; }
}

/// <summary>A column whose cells hold lists, such as 80;443.</summary>
/// <param name="Separator">One printable ASCII character, other than the delimiter of the file.</param>
/// <param name="Take">What of a list the column is.</param>
public sealed record ListSpec(ListValue Take, string Separator = ";");

[JsonConverter(typeof(EnumTextConverter<ListValue>))]
public enum ListValue
{
    [JsonStringEnumMemberName("first")] First,
    [JsonStringEnumMemberName("last")] Last,

    /// <summary>How many elements there are.</summary>
    [JsonStringEnumMemberName("count")] Count,
    [JsonStringEnumMemberName("min")] Min,
    [JsonStringEnumMemberName("max")] Max,
    [JsonStringEnumMemberName("mean")] Mean,
}
