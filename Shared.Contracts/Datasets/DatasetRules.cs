using Shared.Contracts.Models;

namespace Shared.Contracts.Datasets;

/// <summary>Checks that the spec of a dataset is consistent.</summary>
public static class DatasetRules
{
    /// <summary>Maximum number of columns.</summary>
    public const int MaxColumns = 1000;

    /// <summary>Maximum number of classes.</summary>
    public const int MaxClasses = 1000;

    private const int MaxRows = 10_000_000;
    private const int MaxDays = 3650;

    /// <summary>The first broken rule in the order of the members; null for a valid spec.</summary>
    public static SpecProblem? FirstProblem(DatasetSpec spec) =>
        Name(spec) ?? Columns(spec.Columns) ?? Label(spec) ?? Limits(spec.Limits);

    private static SpecProblem? Name(DatasetSpec spec) =>
        ModelSpecRules.IsName(spec.Name) ? null : new("$.name", Quote(spec.Name), SpecGrammar.Name);

    private static SpecProblem? Columns(IReadOnlyList<DatasetColumn?> columns)
    {
        if (columns.Count is 0 or > MaxColumns || columns.All(column => column?.Type is ColumnType.Label))
        {
            return new("$.columns", $"{columns.Count} columns", $"1 to {MaxColumns} columns, and not the label alone");
        }

        HashSet<string> names = new([SampleBounds.IdColumn], StringComparer.Ordinal);
        for (int i = 0; i < columns.Count; i++)
        {
            string path = $"$.columns[{i}]";
            if (columns[i] is not { } column)
            {
                return new(path, "null", "an object with name, type and optionally required, addresses and nodes");
            }

            bool isLabel = column.Type is ColumnType.Label;
            if (!ModelSpecRules.IsColumnName(column.Name) || !names.Add(column.Name))
            {
                return new(path + ".name", Quote(column.Name), $"{SpecGrammar.ColumnName}, and other than {SampleBounds.IdColumn}");
            }

            if (!Enum.IsDefined(column.Type) || (isLabel && columns.Take(i).Any(other => other!.Type is ColumnType.Label)))
            {
                return new(path + ".type", $"{column.Type}", $"{SpecGrammar.ColumnType}; label once at most");
            }

            if (Column(column, path) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static SpecProblem? Column(DatasetColumn column, string path)
    {
        if (column.Addresses is { } addresses
            && !(Enum.IsDefined(addresses) && column.Type is ColumnType.Category or ColumnType.Ignore))
        {
            return new(path + ".addresses", $"{addresses} of a column of type {column.Type}", "hash or keep, for columns of type category or ignore");
        }

        if (column.Required && column.Type is ColumnType.Label)
        {
            return new(path + ".required", "true", "false: labels may come later");
        }

        // A weight that a node chooses would let one node outweigh all others.
        return column.Nodes && column.Type is ColumnType.Weight
            ? new(path + ".nodes", "true", "false: nodes do not choose weights")
            : null;
    }

    private static SpecProblem? Label(DatasetSpec spec)
    {
        if (spec.LabelColumn is null)
        {
            return spec.Label is null ? null : new("$.label", "an object", "none, since no column has the type label");
        }

        if (spec.Label is not { } label || label.Number != label.Classes is null)
        {
            return new("$.label", spec.Label is null ? "none" : "both or neither", "an object with classes, or with number: true");
        }

        for (int i = 0; i < label.Classes?.Count; i++)
        {
            if (!SampleBounds.IsLabel(label.Classes[i]) || label.Classes.Take(i).Contains(label.Classes[i], StringComparer.Ordinal))
            {
                return new($"$.label.classes[{i}]", Quote(label.Classes[i]), $"a text of 1 to {SampleBounds.LabelLength} characters, each once");
            }
        }

        return label.Classes is { Count: < 2 or > MaxClasses }
            ? new("$.label.classes", $"{label.Classes.Count} classes", $"2 to {MaxClasses} classes")
            : null;
    }

    private static SpecProblem? Limits(DatasetLimits limits) =>
        limits.RowsPerNodeAndDay is < 0 or > MaxRows
            ? new("$.limits.rowsPerNodeAndDay", $"{limits.RowsPerNodeAndDay}", $"0 to {MaxRows}")
        : limits.NodeShare is not (> 0 and <= 1) ? new("$.limits.nodeShare", $"{limits.NodeShare}", "a number above 0, at most 1")
        : limits.MaxRows is < 1 or > MaxRows ? new("$.limits.maxRows", $"{limits.MaxRows}", $"1 to {MaxRows}")
        : limits.RetentionDays is < 1 or > MaxDays ? new("$.limits.retentionDays", $"{limits.RetentionDays}", $"1 to {MaxDays}")
        : null;

    private static string Quote(string? text) => text is null ? "null" : $"\"{text}\"";
}
