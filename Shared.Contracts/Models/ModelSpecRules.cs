namespace Shared.Contracts.Models;

/// <summary>Checks that a spec is consistent. The training run checks what depends on the data.</summary>
public static class ModelSpecRules
{
    private const int MaxColumns = 100_000;
    private const int MaxColumnName = 256;

    /// <summary>The first broken rule in the order of the members, or null for a valid spec.</summary>
    public static SpecProblem? FirstProblem(ModelSpec spec) =>
        Name(spec) ?? Algorithm(spec) ?? Columns(spec.Columns, spec.Task) ?? EncodingRules.FirstProblem(spec) ?? Label(spec.Label)
        ?? LabelOfTask(spec) ?? Csv(spec.Csv) ?? CellFormRules.FirstProblem(spec) ?? Engine(spec)
        ?? ParameterRules.FirstProblem(spec) ?? TuneRules.FirstProblem(spec) ?? BudgetRules.FirstProblem(spec)
        ?? WeightRules.FirstProblem(spec) ?? GateRules.FirstProblem(spec) ?? FairnessRules.FirstProblem(spec) ?? SampleRules.FirstProblem(spec);

    /// <summary>True for a <see cref="RelayName"/> that does not end with a hyphen. Specs and artifacts hold no other names.</summary>
    public static bool IsName(string? text) => RelayName.IsValid(text) && text![^1] != '-';

    /// <summary>True for a text that a column can be called.</summary>
    public static bool IsColumnName(string? text) => text is { Length: > 0 and <= MaxColumnName } && DisplayText.IsNameInData(text);

    private static SpecProblem? Name(ModelSpec spec) => IsName(spec.Name) ? null : Broken("$.name", Quote(spec.Name));

    private static SpecProblem? Engine(ModelSpec spec) => IsName(spec.Engine) ? null : Broken("$.engine", Quote(spec.Engine));

    private static SpecProblem? Algorithm(ModelSpec spec)
    {
        bool fits = spec.Algorithm switch
        {
            ModelAlgorithm.RandomForest or ModelAlgorithm.GradientBoosting or ModelAlgorithm.Imported =>
                spec.Task is ModelTask.Classification or ModelTask.Regression,
            ModelAlgorithm.IsolationForest => spec.Task is ModelTask.AnomalyDetection,
            ModelAlgorithm.StandardScaler => spec.Task is ModelTask.Scaling,
            _ => false,
        };
        return fits ? null : Broken("$.algorithm", $"{spec.Algorithm} for the task {spec.Task}");
    }

    private static SpecProblem? Columns(IReadOnlyList<ColumnSpec?> columns, ModelTask task)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < columns.Count; i++)
        {
            string path = $"$.columns[{i}]";
            if (columns[i] is not { } column)
            {
                return Broken(path, "null");
            }

            if (ColumnName(column, path, task) is { } problem)
            {
                return problem;
            }

            if (task is ModelTask.Scaling && column.Type is ColumnType.Category)
            {
                return new(path + ".type", "category", "number: only numbers can be scaled");
            }

            if (column.Required && column.Type is not (ColumnType.Number or ColumnType.Category))
            {
                return Broken(path + ".required", "true");
            }

            if (!names.Add(column.Name))
            {
                return Broken(path + ".name", $"{Quote(column.Name)} a second time");
            }
        }

        int labels = Count(ColumnType.Label);
        int features = Count(ColumnType.Number) + Count(ColumnType.Category);

        // A detector is trained without labels; labels are for its evaluation.
        bool labeled = labels == 1 || (labels == 0 && task is ModelTask.AnomalyDetection or ModelTask.Scaling);
        bool single = Count(ColumnType.Weight) <= 1 && Count(ColumnType.Time) <= 1;
        return labeled && single && features >= 1 && columns.Count <= MaxColumns
            ? null
            : Broken("$.columns", $"{columns.Count} columns, {labels} of type label, {features} of type number or category");

        int Count(ColumnType type) => columns.Count(c => c!.Type == type);
    }

    private static SpecProblem? ColumnName(ColumnSpec column, string path, ModelTask task)
    {
        if (!IsColumnName(column.Name))
        {
            return Broken(path + ".name", Quote(column.Name));
        }

        if (!Enum.IsDefined(column.Type))
        {
            return Broken(path + ".type", $"{column.Type}");
        }

        bool reserved = column.Name == ModelSchema.NumericOutputOf(task)
            || (ModelSchema.TaskHasLabels(task) && column.Name == ModelSchema.LabelOutput);
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

    private static SpecProblem? LabelOfTask(ModelSpec spec)
    {
        bool isNamed = spec.Label.Groups.Count > 0 || spec.Label.Benign is not null;
        bool isThere = spec.Columns.Any(c => c.Type is ColumnType.Label);
        return spec.Task switch
        {
            ModelTask.AnomalyDetection when isThere && spec.Label.Benign is null =>
                new("$.label.benign", "no benign label", "the label that is no anomaly, since there is a column of type label"),
            ModelTask.AnomalyDetection when isNamed && !isThere => new("$.label", "labels", "none, since no column has the type label"),
            not ModelTask.Classification when spec.Label.MergeSpellings =>
                new("$.label.mergeSpellings", "true", "false: only classification has spellings of classes"),
            ModelTask.Classification when spec.Label.MergeSpellings && spec.Label.Groups.Count > 0 =>
                new("$.label.mergeSpellings", "true, and groups as well", "one of them: groups name each raw value"),
            ModelTask.Regression or ModelTask.Scaling when isNamed => new("$.label", "labels", $"none for the task {spec.Task}"),
            _ => null,
        };
    }

    private static SpecProblem? Csv(CsvSpec csv) =>
        csv.Delimiter is ['\t' or (>= ' ' and < (char)127 and not '"')] ? null : Broken("$.csv.delimiter", Quote(csv.Delimiter));

    internal static SpecProblem Broken(string path, string found) => new(path, found, SpecGrammar.Expected(path));

    private static string Quote(string? text) => text is null ? "null" : $"\"{text}\"";
}
