using Shared.Contracts.Models;

namespace Shared.Contracts.Onnx;

/// <summary>What makes a schema and its golden vectors consistent in themselves; JSON alone does not.</summary>
internal static class SchemaRules
{
    public static string? Fault(ModelSchema schema)
    {
        bool inputs = schema.Inputs is { Count: > 0 }
            && schema.Inputs.All(i => i is { Name.Length: > 0, Type: ColumnType.Number or ColumnType.Category })
            && schema.Inputs.Select(i => i.Name).Distinct(StringComparer.Ordinal).Count() == schema.Inputs.Count;
        bool classes = schema.Classes is { Count: >= 2 }
            && schema.Classes.All(c => c is { Length: > 0 })
            && schema.Classes.Distinct(StringComparer.Ordinal).Count() == schema.Classes.Count
            && (schema.Benign is null || schema.Classes.Contains(schema.Benign, StringComparer.Ordinal));
        return inputs && classes ? null : "the schema has inputs or classes that are missing, repeated or of the wrong type";
    }

    public static string? Fault(GoldenVectors golden, ModelSchema schema)
    {
        int numbers = schema.Inputs.Count(i => i.Type is ColumnType.Number);
        int categories = schema.Inputs.Count - numbers;
        int rows = golden.Labels.Count;
        if (rows == 0 || golden.Numbers.Count != rows || golden.Categories.Count != rows || golden.ProbabilityBits.Count != rows)
        {
            return "no golden vectors, or lists of different lengths";
        }

        for (int row = 0; row < rows; row++)
        {
            if (golden.Numbers[row]?.Count != numbers
                || golden.Categories[row]?.Count != categories
                || golden.Categories[row].Contains(null!)
                || golden.ProbabilityBits[row]?.Count != schema.Classes.Count
                || !golden.ProbabilityBits[row].All(bits => float.IsFinite(BitConverter.UInt32BitsToSingle(bits)))
                || !schema.Classes.Contains(golden.Labels[row], StringComparer.Ordinal))
            {
                return $"golden vector {row} does not fit the schema";
            }
        }

        return null;
    }
}
