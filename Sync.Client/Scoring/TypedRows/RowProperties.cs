using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>Finds the property that fills an input.</summary>
[RequiresUnreferencedCode(RowType.Why)]
internal static class RowProperties
{
    /// <param name="error">Why none, or more than one, was found.</param>
    public static PropertyInfo? Find(Type rowType, string input, out string? error)
    {
        PropertyInfo[] all = [.. rowType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)];

        // An explicit or exact name takes precedence over a similar one.
        PropertyInfo[][] closestFirst =
        [
            [.. all.Where(p => p.GetCustomAttribute<RelayInputAttribute>()?.Name == input)],
            [.. all.Where(p => p.GetCustomAttribute<RelayInputAttribute>() is null && p.Name == input)],
            [.. all.Where(p => p.GetCustomAttribute<RelayInputAttribute>() is null && Normalize(p.Name) == Normalize(input))],
        ];
        PropertyInfo[] found = closestFirst.FirstOrDefault(c => c.Length > 0) ?? [];
        error = found.Length switch
        {
            0 => $"no property for the input '{input}'",
            1 => null,
            _ => $"{string.Join(" and ", found.Select(p => $"'{p.Name}'"))} are both for the input '{input}'",
        };
        return error is null ? found[0] : null;
    }

    private static string Normalize(string name) =>
        string.Concat(name.Where(c => c is not ('_' or '-' or '.' or ' '))).ToUpperInvariant();
}
