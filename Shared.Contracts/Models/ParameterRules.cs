namespace Shared.Contracts.Models;

/// <summary>The ranges of training parameters; what a parameter means for an algorithm is the engine's affair.</summary>
internal static class ParameterRules
{
    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        ModelParameters p = spec.Parameters;
        return Within("trees", p.Trees, p.Trees is >= 1 and <= 10_000)
            ?? Within("depth", p.Depth, p.Depth is >= 1 and <= 64)
            ?? Within("learningRate", p.LearningRate, p.LearningRate is > 0 and <= 1)
            ?? Within("minSamplesLeaf", p.MinSamplesLeaf, p.MinSamplesLeaf is >= 1 and <= 1_000_000_000)
            ?? Within("minSamplesSplit", p.MinSamplesSplit, p.MinSamplesSplit is >= 2 and <= 1_000_000_000)
            ?? Within("minChildWeight", p.MinChildWeight, p.MinChildWeight is >= 0 and <= 1e9)
            ?? Within("l2", p.L2, p.L2 is >= 0 and <= 1e9)
            ?? Within("columnShare", p.ColumnShare, p.ColumnShare is > 0 and <= 1)
            ?? Within("rowShare", p.RowShare, p.RowShare is > 0 and <= 1)
            ?? Within("earlyStoppingRounds", p.EarlyStoppingRounds, p.EarlyStoppingRounds is >= 1 and <= 10_000)
            ?? Within("watchedShare", p.WatchedShare, p.WatchedShare is > 0 and <= 0.5)
            ?? Within("samplesPerTree", p.SamplesPerTree, p.SamplesPerTree is >= 2 and <= 65_536)
            ?? Within("contamination", p.Contamination, p.Contamination is > 0 and <= 0.5)
            ?? Monotone(spec);
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

    private static SpecProblem? Within<T>(string name, T? value, bool inRange)
        where T : struct, IFormattable =>
        value is null || inRange ? null : ModelSpecRules.Broken($"$.parameters.{name}", value.Value.ToString(null, null));
}
