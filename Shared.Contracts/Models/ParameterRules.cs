namespace Shared.Contracts.Models;

/// <summary>Checks the parameters of a spec against <see cref="ParameterTable"/>. Whether an algorithm reads a parameter is for its engine to
/// say.</summary>
internal static class ParameterRules
{
    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        foreach (ParameterDefinition parameter in ParameterTable.All)
        {
            if (parameter.FindOutOfRange(spec.Parameters) is { } found)
            {
                return ModelSpecRules.Broken(PathOf(parameter.Name), found);
            }
        }

        return Monotone(spec) ?? Features(spec);
    }

    /// <summary>Refuses a parameter that JSON gives by two of its names.</summary>
    /// <param name="isGiven">Whether the JSON has a value at a path.</param>
    public static SpecProblem? FindTwoNames(Func<string, bool> isGiven)
    {
        foreach (ParameterDefinition parameter in ParameterTable.All.Where(p => p.OlderNames.Count > 0))
        {
            string[] given = [.. NamesOf(parameter).Where(name => isGiven(PathOf(name)))];
            if (given.Length > 1)
            {
                return new(PathOf(given[1]), $"the older name of {given[0]}, which is given too", $"one of {string.Join(" and ", given)}");
            }
        }

        return null;
    }

    /// <summary>The path of a parameter with the name by which JSON gives it.</summary>
    public static string GivenPath(string path, Func<string, bool> isGiven)
    {
        ParameterDefinition? parameter = ParameterTable.All.FirstOrDefault(p => PathOf(p.Name) == path);
        return parameter is null ? path : NamesOf(parameter).Select(PathOf).FirstOrDefault(isGiven, path);
    }

    private static IEnumerable<string> NamesOf(ParameterDefinition parameter) => parameter.OlderNames.Prepend(parameter.Name);

    private static string PathOf(string name) => $"$.parameters.{name}";

    private static SpecProblem? Features(ModelSpec spec)
    {
        if (spec.Parameters.Features is not { } given)
        {
            return null;
        }

        HashSet<string> columns = new(spec.Features.Select(c => c.Name), StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < given.Count; i++)
        {
            string? name = given[i];
            if (name is null || !columns.Contains(name) || !seen.Add(name))
            {
                string again = name is not null && seen.Contains(name) ? " a second time" : "";
                return ModelSpecRules.Broken($"$.parameters.features[{i}]", name is null ? "null" : $"\"{name}\"{again}");
            }
        }

        return given.Count > 0 ? null : ModelSpecRules.Broken("$.parameters.features", "an empty list");
    }

    private static SpecProblem? Monotone(ModelSpec spec)
    {
        if (spec.Parameters.Monotone is not { } constraints)
        {
            return null;
        }

        HashSet<string> numbers = new(
            spec.Columns.Where(c => c.Type == ColumnType.Number).Select(c => c.Name), StringComparer.Ordinal);
        foreach ((string column, int direction) in constraints)
        {
            if (!numbers.Contains(column) || direction is not (1 or -1))
            {
                return ModelSpecRules.Broken($"$.parameters.monotone.{column}", $"{direction}");
            }
        }

        return null;
    }
}
