namespace Shared.Contracts.Models;

/// <summary>Checks what categories are to become.</summary>
internal static class EncodingRules
{
    // Each such column doubles the scores that those before it have to outweigh, and scores are float32.
    private const int MaxLookups = 32;

    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        int lookups = 0;
        for (int i = 0; i < spec.Columns.Count; i++)
        {
            if (spec.Columns[i].Encoding is { } encoding && FindProblem(spec, spec.Columns[i].Type, encoding) is { } found)
            {
                return ModelSpecRules.Broken($"$.columns[{i}].encoding", found);
            }

            lookups += spec.Columns[i].Encoding is CategoryEncoding.Lookup ? 1 : 0;
            if (lookups > MaxLookups)
            {
                return ModelSpecRules.Broken($"$.columns[{i}].encoding", $"more than {MaxLookups} columns with lookup");
            }
        }

        return null;
    }

    private static bool CanDecide(ModelSpec spec) =>
        spec.Algorithm is ModelAlgorithm.GradientBoosting or ModelAlgorithm.Imported && spec.Engine == "managed";

    private static string? FindProblem(ModelSpec spec, ColumnType type, CategoryEncoding encoding)
    {
        bool fits = type is ColumnType.Category && encoding switch
        {
            CategoryEncoding.Frequency => true,
            CategoryEncoding.Target => spec.Task is ModelTask.Classification or ModelTask.Regression,
            CategoryEncoding.Count or CategoryEncoding.Lookup => spec.Task is ModelTask.Classification,
            _ => false,
        };
        return !fits ? $"{encoding} of a column of type {type} for the task {spec.Task}"
            : encoding is CategoryEncoding.Count && spec.Label.Benign is null ? "count without label.benign"
            : encoding is CategoryEncoding.Lookup && !CanDecide(spec) ? $"lookup for {spec.Algorithm} of the engine {spec.Engine}"
            : null;
    }
}
