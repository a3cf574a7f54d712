namespace Shared.Contracts.Models;

/// <summary>Checks the search that a spec asks for.</summary>
internal static class TuneRules
{
    private const double MaxMinutes = 7 * 24 * 60;
    private const int MaxCandidates = 1000;

    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        if (spec.Tune is not { } tune)
        {
            return null;
        }

        if (tune.Minutes is null && tune.Candidates is null)
        {
            return ModelSpecRules.Broken("$.tune", "neither minutes nor candidates");
        }

        if (tune.Minutes is { } minutes && !(minutes is > 0 and <= MaxMinutes))
        {
            return ModelSpecRules.Broken("$.tune.minutes", $"{minutes}");
        }

        if (tune.Candidates is { } candidates && candidates is < 1 or > MaxCandidates)
        {
            return ModelSpecRules.Broken("$.tune.candidates", $"{candidates}");
        }

        return spec.Algorithm is ModelAlgorithm.GradientBoosting or ModelAlgorithm.RandomForest
            ? null
            : ModelSpecRules.Broken("$.tune", $"a search for {spec.Algorithm}");
    }
}
