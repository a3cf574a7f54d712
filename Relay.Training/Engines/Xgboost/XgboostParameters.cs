using System.Globalization;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Parameters as XGBoost takes them, with the managed engine's defaults where both have a parameter.</summary>
internal sealed record XgboostParameters(
    int Rounds, int Depth, double LearningRate, double MinChildWeight, double L2, double ColumnShare, double RowShare,
    int? EarlyStoppingRounds, double WatchedShare, ulong Seed, ModelParameters Given)
{
    // The library counts the nodes of a full tree in 32 bits.
    private const int MaxDepth = 30;
    private const int Bins = 256;

    public static XgboostParameters From(ModelParameters given) => new(
        ParameterRange.Check("trees", given.Trees ?? 100, 1, 10_000),
        ParameterRange.Check("depth", given.Depth ?? 6, 1, MaxDepth),
        ParameterRange.CheckAbove("learningRate", given.LearningRate ?? 0.3, 0, 1),
        ParameterRange.Check("minChildWeight", given.MinChildWeight ?? 1, 0, 1e9),
        ParameterRange.Check("l2", given.L2 ?? 1, 0, 1e9),
        ParameterRange.CheckAbove("columnShare", given.ColumnShare ?? 1, 0, 1),
        ParameterRange.CheckAbove("rowShare", given.RowShare ?? 1, 0, 1),
        given.EarlyStoppingRounds is { } rounds ? ParameterRange.Check("earlyStoppingRounds", rounds, 1, 10_000) : null,
        ParameterRange.CheckAbove("watchedShare", given.WatchedShare ?? 0.1, 0, 0.5),
        given.Seed ?? ModelParameters.DefaultSeed,
        given);

    /// <summary>Names and values of the library's own settings.</summary>
    public IEnumerable<(string Name, string Value)> Settings(TrainingSet set, int threads)
    {
        bool regression = set.Targets is not null;
        yield return ("verbosity", "0");
        yield return ("nthread", Text(threads));
        yield return ("booster", "gbtree");
        yield return ("tree_method", "hist");
        yield return ("max_bin", Text(Bins));
        yield return ("objective", regression ? "reg:squarederror" : set.ClassCount == 2 ? "binary:logistic" : "multi:softprob");
        yield return ("eval_metric", regression ? "rmse" : set.ClassCount == 2 ? "logloss" : "mlogloss");
        if (!regression && set.ClassCount > 2)
        {
            yield return ("num_class", Text(set.ClassCount));
        }
        else
        {
            yield return ("base_score", Text(Prior(set, regression)));
        }

        yield return ("max_depth", Text(Depth));
        yield return ("eta", Text(LearningRate));
        yield return ("min_child_weight", Text(MinChildWeight));
        yield return ("lambda", Text(L2));
        yield return ("colsample_bytree", Text(ColumnShare));
        yield return ("subsample", Text(RowShare));
        yield return ("seed", Text((long)(Seed & int.MaxValue)));
        if (MonotoneDirections.Of(Given, set, [.. Enumerable.Range(0, set.FeatureCount)], set.ClassCount > 2 ? set.ClassCount : 1) is { } directions)
        {
            yield return ("monotone_constraints", $"({string.Join(',', directions)})");
        }
    }

    // The mean of what is learned, where the library starts from: as the managed engine does, and as newer versions do by themselves.
    private static double Prior(TrainingSet set, bool regression)
    {
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < set.RowCount; row++)
        {
            double weight = set.Weights?[row] ?? 1;
            weights += weight;
            sum += weight * (regression ? set.Targets![row] : set.Labels[row]);
        }

        double mean = sum / weights;
        return regression ? mean : Math.Clamp(mean, 1e-6, 1 - 1e-6);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
