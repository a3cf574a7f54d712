using System.Reflection;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>Finds the property that fills an input.</summary>
internal static class RowProperties
{
    /// <param name="fault">What is wrong where there is not one.</param>
    public static PropertyInfo? Find(Type rowType, string input, out string? fault)
    {
        PropertyInfo[] all = [.. rowType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)];

        // What is said outright goes before what only looks alike.
        PropertyInfo[][] closestFirst =
        [
            [.. all.Where(p => p.GetCustomAttribute<RelayInputAttribute>()?.Name == input)],
            [.. all.Where(p => p.GetCustomAttribute<RelayInputAttribute>() is null && p.Name == input)],
            [.. all.Where(p => p.GetCustomAttribute<RelayInputAttribute>() is null && Plain(p.Name) == Plain(input))],
        ];
        PropertyInfo[] found = closestFirst.FirstOrDefault(c => c.Length > 0) ?? [];
        fault = found.Length switch
        {
            0 => $"no property for the input '{input}'",
            1 => null,
            _ => $"{string.Join(" and ", found.Select(p => $"'{p.Name}'"))} are both for the input '{input}'",
        };
        return fault is null ? found[0] : null;
    }

    private static string Plain(string name) =>
        string.Concat(name.Where(c => c is not ('_' or '-' or '.' or ' '))).ToUpperInvariant();
}
