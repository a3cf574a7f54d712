using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>Which property of a row type fills each input of a schema. Both ways to read rows bind by it.</summary>
internal static class RowBinding
{
    /// <summary>Finds the property of each input.</summary>
    /// <param name="errors">What does not match, one line for each input; empty when positions are returned.</param>
    /// <returns>Positions in <paramref name="properties"/>, in the order of the inputs, or null.</returns>
    public static int[]? Find(IReadOnlyList<RelayRowProperty> properties, ModelSchema schema, out IReadOnlyList<string> errors)
    {
        List<int> positions = [];
        List<string> found = [];
        foreach (ColumnSpec input in schema.Inputs)
        {
            int position = Find(properties, input.Name, out string? error);
            ColumnType wanted = input.Type == ColumnType.Number ? ColumnType.Number : ColumnType.Category;
            if (error is null && properties[position].Kind != wanted)
            {
                RelayRowProperty property = properties[position];
                string kind = wanted == ColumnType.Number ? "number" : "category";
                error = $"'{property.Name}' is {property.TypeName}, and the input '{input.Name}' is a {kind}";
            }

            if (error is null)
            {
                positions.Add(position);
            }
            else
            {
                found.Add(error);
            }
        }

        errors = found;
        return found.Count > 0 ? null : [.. positions];
    }

    private static int Find(IReadOnlyList<RelayRowProperty> properties, string input, out string? error)
    {
        // An explicit or exact name takes precedence over a similar one.
        Func<RelayRowProperty, bool>[] closestFirst =
        [
            p => p.Input == input,
            p => p.Input is null && p.Name == input,
            p => p.Input is null && Normalize(p.Name) == Normalize(input),
        ];
        int[] found = closestFirst
            .Select(fits => Enumerable.Range(0, properties.Count).Where(i => fits(properties[i])).ToArray())
            .FirstOrDefault(c => c.Length > 0) ?? [];
        error = found.Length switch
        {
            0 => $"no property for the input '{input}'",
            1 => null,
            _ => $"{string.Join(" and ", found.Select(i => $"'{properties[i].Name}'"))} are both for the input '{input}'",
        };
        return found.FirstOrDefault();
    }

    private static string Normalize(string name) =>
        string.Concat(name.Where(c => c is not ('_' or '-' or '.' or ' '))).ToUpperInvariant();
}
