using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Models;

namespace Sync.Node.Files;

/// <summary>One row as a JSON object of column names: <c>{"rate": 1.5, "protocol": "tcp"}</c>. Null is a missing value; no column may be left
/// out.</summary>
internal static class JsonRow
{
    /// <exception cref="FileException">It is no row of the model.</exception>
    public static (float[] Numbers, string[] Categories) Read(string json, ModelSchema schema)
    {
        Dictionary<string, JsonElement> cells;
        try
        {
            cells = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json, new JsonSerializerOptions { AllowDuplicateProperties = false })
                ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new FileException("--row is no JSON object with each column once: write it as '{\"rate\": 1.5, \"protocol\": \"tcp\"}'");
        }

        List<float> numbers = [];
        List<string> categories = [];
        foreach (ColumnSpec input in schema.Inputs)
        {
            JsonElement cell = cells.Remove(input.Name, out JsonElement found)
                ? found
                : throw new FileException($"--row has no '{input.Name}': write null for a missing value");
            if (input.Type is ColumnType.Category)
            {
                categories.Add(cell.ValueKind switch
                {
                    JsonValueKind.Null => "",
                    JsonValueKind.String => cell.GetString()!,
                    _ => throw new FileException($"'{input.Name}' is a category: write a text, or null"),
                });
            }
            else
            {
                numbers.Add(cell.ValueKind is JsonValueKind.Null
                    ? float.NaN
                    : cell.ValueKind is JsonValueKind.Number && float.IsFinite((float)cell.GetDouble())
                        ? (float)cell.GetDouble()
                        : throw new FileException($"'{input.Name}' is a number: write one from -3.4e38 to 3.4e38, or null"));
            }
        }

        return cells.Count == 0
            ? ([.. numbers], [.. categories])
            : throw new FileException($"--row has '{DisplayText.Escape(cells.Keys.First(), 100)}', which is no input of the model");
    }
}
