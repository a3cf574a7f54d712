using Relay.Server.Datasets;
using Relay.Server.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Retraining;

/// <summary>Checks a request for a trigger.</summary>
internal static class TriggerRules
{
    private const long MaximumSamples = 10_000_000;
    private const double MaximumDrift = 100;

    /// <summary>Errors by JSON path; empty for a valid request.</summary>
    public static Dictionary<string, string> Validate(
        TrainingTriggerRequest request, ModelSpec spec, DatasetFolder folder, DatasetStore datasets)
    {
        Dictionary<string, string> errors = TrainingDataValidator.Validate(request.Data, spec, folder, datasets);
        TriggerRule rule = request.Rule;
        Expect(
            new[] { rule.DailyAt is not null, rule.NewSamples is not null, rule.Drift is not null }.Count(given => given) == 1,
            "$.rule", "one of dailyAt, newSamples and drift");
        Expect(rule.NewSamples is null or (> 0 and <= MaximumSamples), "$.rule.newSamples", $"1 to {MaximumSamples}");
        Expect(rule.Drift is null or (> 0 and <= MaximumDrift), "$.rule.drift", $"a number above 0, at most {MaximumDrift}");
        Expect(rule.DailyAt is not null || request.Data.Dataset is not null, "$.data.dataset", "a dataset, which the rule is about");
        Expect(request.Data.Import is null, "$.data.import", "no import");
        Expect(request.Data.Dataset?.Position is null, "$.data.dataset.position", "none: each run sees the dataset as it is then");
        return errors;

        void Expect(bool holds, string path, string expected)
        {
            if (!holds)
            {
                errors.TryAdd(path, $"Expected {expected}.");
            }
        }
    }
}
