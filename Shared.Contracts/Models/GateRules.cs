namespace Shared.Contracts.Models;

/// <summary>Checks the form of the gates in a spec. Which gates there are is known where models are trained.</summary>
internal static class GateRules
{
    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        foreach ((string name, GateBounds? bounds) in spec.Gates ?? new Dictionary<string, GateBounds>())
        {
            string path = $"$.gates.{name}";
            if (bounds is null)
            {
                return ModelSpecRules.Broken(path, "null");
            }

            if (FindNumber(bounds.Warn) is { } warn)
            {
                return ModelSpecRules.Broken($"{path}.warn", warn);
            }

            if (FindNumber(bounds.Fail) is { } fail)
            {
                return ModelSpecRules.Broken($"{path}.fail", fail);
            }

            if (bounds.Columns?.FirstOrDefault(c => !spec.Features.Any(f => f.Name == c)) is { } column)
            {
                return new($"{path}.columns", $"\"{column}\"", "columns of type number or category");
            }
        }

        return null;
    }

    private static string? FindNumber(double? bound) => bound is null or (>= 0 and <= double.MaxValue) ? null : $"{bound}";
}
