namespace Shared.Contracts.Models;

/// <summary>Checks the budget that a spec states.</summary>
internal static class BudgetRules
{
    private const long MinBytes = 1000;
    private const long MaxBytes = 1L << 30;
    private const double MaxMicroseconds = 1_000_000;
    private const double MaxPoints = 100;

    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        if (spec.Budget is not { } budget)
        {
            return null;
        }

        if (budget is { MaxBytes: null, MaxMicroseconds: null, MaxQualityLoss: null })
        {
            return ModelSpecRules.Broken("$.budget", "no bound");
        }

        if (budget.MaxBytes is { } bytes && bytes is < MinBytes or > MaxBytes)
        {
            return ModelSpecRules.Broken("$.budget.maxBytes", $"{bytes}");
        }

        if (budget.MaxMicroseconds is { } time && !(time is > 0 and <= MaxMicroseconds))
        {
            return ModelSpecRules.Broken("$.budget.maxMicroseconds", $"{time}");
        }

        if (budget.MaxQualityLoss is { } loss && !(loss is >= 0 and <= MaxPoints))
        {
            return ModelSpecRules.Broken("$.budget.maxQualityLoss", $"{loss}");
        }

        if (spec.Columns.FirstOrDefault(c => c.Encoding is CategoryEncoding.Count or CategoryEncoding.Lookup) is { } table)
        {
            return ModelSpecRules.Broken(
                "$.budget", $"a budget beside the column \"{table.Name}\", whose texts are in the file whatever trees there are");
        }

        if (spec.Parameters.EarlyStoppingRounds is not null)
        {
            return ModelSpecRules.Broken(
                "$.parameters.earlyStoppingRounds", "early stopping beside a budget, which searches the number of rounds itself: give trees");
        }

        if (spec.Parameters.Scale is true)
        {
            return ModelSpecRules.Broken("$.parameters.scale", "scaled columns beside a budget, whose models are measured without a scaler");
        }

        return spec.Algorithm switch
        {
            ModelAlgorithm.StandardScaler or ModelAlgorithm.Imported => ModelSpecRules.Broken("$.budget", $"a budget for {spec.Algorithm}"),
            ModelAlgorithm.IsolationForest when !spec.Columns.Any(c => c.Type is ColumnType.Label) =>
                ModelSpecRules.Broken("$.budget", $"a budget for {spec.Algorithm} without labels, whose quality cannot be measured"),
            _ => null,
        };
    }
}
