namespace Shared.Contracts.Models;

/// <summary>Checks the columns that a spec compares quality by.</summary>
internal static class FairnessRules
{
    public const int MaxColumns = 4;

    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        if (spec.Fairness is not { } columns)
        {
            return null;
        }

        if (columns.Count > MaxColumns || (columns.Count > 0 && spec.Task is ModelTask.Scaling))
        {
            return ModelSpecRules.Broken("$.fairness", $"{columns.Count} columns for the task {spec.Task}");
        }

        for (int i = 0; i < columns.Count; i++)
        {
            bool isGroup = spec.Columns.Any(c => c.Name == columns[i] && c.Type is ColumnType.Number or ColumnType.Category or ColumnType.Ignore);
            if (!isGroup || columns.Take(i).Contains(columns[i], StringComparer.Ordinal))
            {
                return ModelSpecRules.Broken(
                    $"$.fairness[{i}]", columns[i] is null ? "null" : $"\"{columns[i]}\"{(isGroup ? " a second time" : "")}");
            }
        }

        return null;
    }
}
