using Shared.Contracts.Models;

namespace Shared.Contracts.Onnx;

/// <summary>Checks that a schema and its golden vectors are consistent, beyond what JSON parsing checks.</summary>
internal static class SchemaRules
{
    public static string? FindError(ModelSchema schema)
    {
        bool inputs = schema.Inputs is { Count: > 0 }
            && schema.Inputs.All(i => i is { Name.Length: > 0, Type: ColumnType.Number or ColumnType.Category })
            && schema.Inputs.Select(i => i.Name).Distinct(StringComparer.Ordinal).Count() == schema.Inputs.Count;
        if (!inputs || schema.Classes is null || !Enum.IsDefined(schema.Task))
        {
            return "the schema has inputs that are missing, repeated or of the wrong type, or an unknown task";
        }

        bool fits = schema.Task switch
        {
            ModelTask.Classification => AreClasses(schema.Classes)
                && (schema.Benign is null || schema.Classes.Contains(schema.Benign, StringComparer.Ordinal)),
            ModelTask.AnomalyDetection => schema.Classes.SequenceEqual(ModelSchema.AnomalyClasses, StringComparer.Ordinal)
                && schema.Benign == ModelSchema.AnomalyClasses[0],
            ModelTask.Scaling => schema is { Classes.Count: 0, Benign: null } && schema.Inputs.All(i => i.Type is ColumnType.Number),
            _ => schema is { Classes.Count: 0, Benign: null },
        };
        return fits ? null : "the schema has inputs or classes that its task does not have";
    }

    private static bool AreClasses(IReadOnlyList<string> classes) =>
        classes.Count >= 2
        && classes.All(c => c is { Length: > 0 })
        && classes.Distinct(StringComparer.Ordinal).Count() == classes.Count;

    /// <param name="offset">The score below which a row is an anomaly, or null.</param>
    public static string? FindError(float? offset, ModelSchema schema) => (schema.Task, offset) switch
    {
        (ModelTask.AnomalyDetection, null) => "an anomaly detector without its offset",
        (not ModelTask.AnomalyDetection, not null) => "an offset that the task does not have",
        _ => offset is null || float.IsFinite(offset.Value) ? null : "an offset that is not a number",
    };

    public static string? FindError(GoldenVectors golden, ModelSchema schema)
    {
        int numbers = schema.Inputs.Count(i => i.Type is ColumnType.Number);
        int categories = schema.Inputs.Count - numbers;
        int rows = golden.Rows;
        if (rows == 0 || golden.Numbers.Count != rows || golden.Categories.Count != rows
            || golden.Labels.Count != (schema.HasLabels ? rows : 0))
        {
            return "no golden vectors, or lists of different lengths";
        }

        for (int row = 0; row < rows; row++)
        {
            if (golden.Numbers[row]?.Count != numbers
                || golden.Categories[row]?.Count != categories
                || golden.Categories[row].Contains(null!)
                || LacksRequired(golden, row, schema)
                || golden.OutputBits[row]?.Count != schema.OutputWidth
                || !golden.OutputBits[row].All(bits => IsAnswer(BitConverter.UInt32BitsToSingle(bits), schema.Task))
                || (schema.HasLabels && !schema.Classes.Contains(golden.Labels[row], StringComparer.Ordinal)))
            {
                return $"golden vector {row} does not fit the schema";
            }
        }

        return null;
    }

    private static bool LacksRequired(GoldenVectors golden, int row, ModelSchema schema)
    {
        int number = 0;
        int category = 0;
        return schema.Inputs.Any(i => i.Type is ColumnType.Number
            ? golden.Numbers[row][number++] is null && i.Required
            : golden.Categories[row][category++].Length == 0 && i.Required);
    }

    // A scaler passes missing values on, and a large number divided by a small deviation may overflow; other tasks give finite numbers.
    private static bool IsAnswer(float value, ModelTask task) => task is ModelTask.Scaling || float.IsFinite(value);
}
