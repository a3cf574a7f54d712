namespace Shared.Contracts.Models;

/// <summary>Checks that the weights of a spec are consistent.</summary>
internal static class WeightRules
{
    private const double MaxFactor = 1e6;

    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        WeightSpec weights = spec.Weights;
        bool classes = weights.Balanced || weights.Classes.Count > 0;
        if (classes && spec.Task != ModelTask.Classification)
        {
            return ModelSpecRules.Broken("$.weights", $"weights of classes for the task {spec.Task}");
        }

        if (weights.Balanced && weights.Classes.Count > 0)
        {
            return ModelSpecRules.Broken("$.weights.classes", "weights of classes, and balanced as well");
        }

        foreach ((string name, double factor) in weights.Classes)
        {
            if (!(factor is > 0 and <= MaxFactor))
            {
                return ModelSpecRules.Broken($"$.weights.classes.{name}", $"{factor}");
            }
        }

        return weights.Age is { } age ? Age(spec, age) : null;
    }

    private static SpecProblem? Age(ModelSpec spec, AgeWeights age)
    {
        if (spec.Columns.All(c => c.Type != ColumnType.Time))
        {
            return ModelSpecRules.Broken("$.weights.age", "no column of type time");
        }

        return Within("recentDays", age.RecentDays, age.RecentDays is >= 0 and <= 36_500)
            ?? Within("recentFactor", age.RecentFactor, age.RecentFactor is > 0 and <= MaxFactor)
            ?? Within("decayDays", age.DecayDays, age.DecayDays is > 0 and <= 36_500)
            ?? Within("least", age.Least, age.Least is > 0 and <= 1)
            ?? Within("oldestDays", age.OldestDays, age.OldestDays is > 0 and <= 36_500);
    }

    private static SpecProblem? Within(string name, double value, bool inRange) =>
        inRange ? null : ModelSpecRules.Broken($"$.weights.age.{name}", $"{value}");
}
