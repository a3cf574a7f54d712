using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed;
using Shared.Contracts.Models;

namespace Relay.Training.Federated;

/// <summary>What can be trained by sums alone.</summary>
internal static class RoundSpecRules
{
    /// <summary>Why owners cannot train this spec; null where they can.</summary>
    public static string? FindError(ModelSpec spec, ShardAgreement agreement)
    {
        if (spec.Engine != ManagedEngine.EngineName || spec.Algorithm is not (ModelAlgorithm.GradientBoosting or ModelAlgorithm.RandomForest))
        {
            return $"engine {spec.Engine}, algorithm {spec.Algorithm}: owners train gradient-boosting and random-forest of the managed engine, whose "
                + "choices depend on sums alone";
        }

        if (SumsOnlyRules.FindError(spec) is { } error)
        {
            return error;
        }

        if (spec is not { Tune: null, Budget: null, Parameters: { Scale: not true, Features: null } })
        {
            return "tune, budget, parameters.scale and parameters.features need the values of rows, and owners share sums; leave them out";
        }

        if (!EncodingChoice.FitsBins(spec))
        {
            return "a column whose texts are counted or looked up shows texts of rows; leave its encoding out";
        }

        if (spec.Task is ModelTask.Classification && spec.Label.Groups.Count == 0 && agreement.Labels.Count == 0)
        {
            return "'labels' is empty: name the texts of the label column, or group them in label.groups of the spec";
        }

        string? missing = spec.Features.Where(f => f.Type is ColumnType.Category).Select(f => f.Name)
            .FirstOrDefault(name => agreement.Categories.GetValueOrDefault(name, []).Count == 0);
        return missing is null ? null : $"'categories' has no texts of the column '{missing}': name those that rows may have";
    }
}
