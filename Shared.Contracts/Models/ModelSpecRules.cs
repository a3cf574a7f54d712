using System.Text.RegularExpressions;

namespace Shared.Contracts.Models;

/// <summary>What makes a spec consistent in itself; what only the data can tell is checked by the training run.</summary>
public static partial class ModelSpecRules
{
    private const int MaxColumns = 10_000;
    private const int MaxColumnName = 256;

    /// <summary>The first broken rule in the order of the members, or null for a good spec.</summary>
    public static SpecProblem? FirstProblem(ModelSpec spec) =>
        Name(spec) ?? Columns(spec.Columns) ?? Label(spec.Label) ?? Csv(spec.Csv) ?? Engine(spec) ?? Parameters(spec.Parameters);

    /// <summary>Whether a text may name a model: it becomes a part of paths, so nothing else passes.</summary>
    public static bool IsName(string? text) => text is { Length: <= 64 } && NamePattern().IsMatch(text);

    private static SpecProblem? Name(ModelSpec spec) => IsName(spec.Name) ? null : Broken("$.name", Quote(spec.Name));

    private static SpecProblem? Engine(ModelSpec spec) => IsName(spec.Engine) ? null : Broken("$.engine", Quote(spec.Engine));

    private static SpecProblem? Columns(IReadOnlyList<ColumnSpec?> columns)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        int labels = 0;
        int features = 0;
        for (int i = 0; i < columns.Count; i++)
        {
            string path = $"$.columns[{i}]";
            if (columns[i] is not { } column)
            {
                return Broken(path, "null");
            }

            if (ColumnName(column, path) is { } problem)
            {
                return problem;
            }

            if (!names.Add(column.Name))
            {
                return Broken(path + ".name", $"{Quote(column.Name)} a second time");
            }

            labels += column.Type is ColumnType.Label ? 1 : 0;
            features += column.Type is ColumnType.Number or ColumnType.Category ? 1 : 0;
        }

        return labels == 1 && features >= 1 && columns.Count <= MaxColumns
            ? null
            : Broken("$.columns", $"{columns.Count} columns, {labels} of type label, {features} of type number or category");
    }

    private static SpecProblem? ColumnName(ColumnSpec column, string path)
    {
        if (column.Name is not { Length: > 0 and <= MaxColumnName } || column.Name.Any(char.IsControl))
        {
            return Broken(path + ".name", Quote(column.Name));
        }

        if (!Enum.IsDefined(column.Type))
        {
            return Broken(path + ".type", $"{column.Type}");
        }

        bool reserved = column.Name is ModelSchema.LabelOutput or ModelSchema.ProbabilitiesOutput;
        return reserved && column.Type is ColumnType.Number or ColumnType.Category
            ? new(path + ".name", Quote(column.Name), "another name: the model's own output has this one")
            : null;
    }

    private static SpecProblem? Label(LabelSpec label)
    {
        Dictionary<string, string> classOf = new(StringComparer.Ordinal);
        foreach ((string name, IReadOnlyList<string?>? values) in label.Groups)
        {
            string path = $"$.label.groups.{name}";
            if (name.Length == 0 || values is not { Count: > 0 })
            {
                return Broken(path, name.Length == 0 ? "a class without a name" : $"class {Quote(name)} without raw values");
            }

            for (int i = 0; i < values.Count; i++)
            {
                if (values[i] is not { Length: > 0 } value)
                {
                    return Broken($"{path}[{i}]", values[i] is null ? "null" : "an empty raw value");
                }

                if (!classOf.TryAdd(value, name))
                {
                    return Broken($"{path}[{i}]", $"{Quote(value)}, which class {Quote(classOf[value])} has already");
                }
            }
        }

        if (label.Groups.Count == 1)
        {
            return Broken("$.label.groups", "one class");
        }

        return label.Benign is { } benign && (benign.Length == 0 || (label.Groups.Count > 0 && !label.Groups.ContainsKey(benign)))
            ? Broken("$.label.benign", Quote(benign))
            : null;
    }

    private static SpecProblem? Csv(CsvSpec csv) =>
        csv.Delimiter is ['\t' or (>= ' ' and < (char)127 and not '"')] ? null : Broken("$.csv.delimiter", Quote(csv.Delimiter));

    private static SpecProblem? Parameters(ModelParameters p) =>
        Within("trees", p.Trees, p.Trees is >= 1 and <= 10_000)
        ?? Within("depth", p.Depth, p.Depth is >= 1 and <= 64)
        ?? Within("learningRate", p.LearningRate, p.LearningRate is > 0 and <= 1)
        ?? Within("minSamplesLeaf", p.MinSamplesLeaf, p.MinSamplesLeaf is >= 1 and <= 1_000_000_000)
        ?? Within("minSamplesSplit", p.MinSamplesSplit, p.MinSamplesSplit is >= 2 and <= 1_000_000_000)
        ?? Within("minChildWeight", p.MinChildWeight, p.MinChildWeight is >= 0 and <= 1e9)
        ?? Within("l2", p.L2, p.L2 is >= 0 and <= 1e9)
        ?? Within("columnShare", p.ColumnShare, p.ColumnShare is > 0 and <= 1);

    private static SpecProblem? Within<T>(string name, T? value, bool inRange)
        where T : struct, IFormattable =>
        value is null || inRange ? null : Broken($"$.parameters.{name}", value.Value.ToString(null, null));

    private static SpecProblem Broken(string path, string found) => new(path, found, SpecGrammar.Expected(path));

    private static string Quote(string? text) => text is null ? "null" : $"\"{text}\"";

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
