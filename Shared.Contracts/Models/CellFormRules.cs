namespace Shared.Contracts.Models;

/// <summary>Checks the forms of cells in a spec: marks for missing values, percentages and lists.</summary>
internal static class CellFormRules
{
    public const string MissingExpected = "a list of at most 20 different texts of 1 to 32 characters";

    private const int MaxMarks = 20;
    private const int MaxMark = 32;

    public static SpecProblem? FirstProblem(ModelSpec spec) => Missing(spec.Csv.Missing ?? []) ?? Percent(spec) ?? Lists(spec);

    private static SpecProblem? Missing(IReadOnlyList<string?> marks)
    {
        if (marks.Count > MaxMarks)
        {
            return ModelSpecRules.Broken("$.csv.missing", $"{marks.Count} texts");
        }

        for (int i = 0; i < marks.Count; i++)
        {
            if (marks[i] is not { Length: > 0 and <= MaxMark } || marks.Take(i).Contains(marks[i], StringComparer.Ordinal))
            {
                return ModelSpecRules.Broken($"$.csv.missing[{i}]", Quote(marks[i]));
            }
        }

        return null;
    }

    private static SpecProblem? Percent(ModelSpec spec)
    {
        IReadOnlyList<string?> columns = spec.Csv.Percent ?? [];
        for (int i = 0; i < columns.Count; i++)
        {
            if (TypeOf(spec, columns[i]) is not ColumnType.Number || columns.Take(i).Contains(columns[i], StringComparer.Ordinal))
            {
                return ModelSpecRules.Broken($"$.csv.percent[{i}]", Quote(columns[i]));
            }
        }

        return null;
    }

    private static SpecProblem? Lists(ModelSpec spec)
    {
        foreach ((string name, ListSpec? list) in spec.Csv.Lists ?? new Dictionary<string, ListSpec>())
        {
            string path = $"$.csv.lists.{name}";
            ColumnType? type = TypeOf(spec, name);
            if (list is null || type is not (ColumnType.Number or ColumnType.Category) || spec.Csv.Percent?.Contains(name,
                StringComparer.Ordinal) == true)
            {
                return new(path, list is null ? "null" : Quote(name), "a column of type number or category, which is not in percent");
            }

            bool fits = list.Take is ListValue.First or ListValue.Last || (type is ColumnType.Number && Enum.IsDefined(list.Take));
            if (!fits)
            {
                return new($"{path}.take", $"{list.Take}", SpecGrammar.Expected("$.csv.lists.take"));
            }

            if (list.Separator is not [>= ' ' and < (char)127 and not ('"' or '.' or '-' or '+')] || char.IsAsciiLetterOrDigit(list.Separator[0]) || list.Separator == spec.Csv.Delimiter)
            {
                return new($"{path}.separator", Quote(list.Separator), SpecGrammar.Expected("$.csv.lists.separator"));
            }
        }

        return null;
    }

    private static ColumnType? TypeOf(ModelSpec spec, string? column) => spec.Columns.FirstOrDefault(c => c.Name == column)?.Type;

    private static string Quote(string? text) => text is null ? "null" : $"\"{text}\"";
}
