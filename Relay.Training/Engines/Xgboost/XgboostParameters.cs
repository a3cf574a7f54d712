using System.Globalization;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Parameters as XGBoost takes them, with the managed engine's defaults where both have a parameter.</summary>
internal sealed record XgboostParameters(ModelParameters Given)
{
    // The library counts the nodes of a full tree in 32 bits.
    private const int MaxDepth = 30;
    private const int Bins = 256;

    public static TrainerParameters Table { get; } = new(
        new(ParameterTable.Trees, 100),
        new(ParameterTable.Depth, 6) { Max = MaxDepth },
        new(ParameterTable.LearningRate, 0.3),
        new(ParameterTable.MinChildWeight, 1),
        new(ParameterTable.L2, 1),
        new(ParameterTable.FeatureFraction, 1),
        new(ParameterTable.Subsample, 1),
        new(ParameterTable.EarlyStoppingRounds) { WithoutValue = "never" },
        new(ParameterTable.ValidationFraction, 0.1),
        new(ParameterTable.Monotone) { WithoutValue = "none" },
        new(ParameterTable.Scale) { WithoutValue = "false" },
        new(ParameterTable.Seed, ModelParameters.DefaultSeed));

    public int Rounds => Given.Trees ?? Table.WholeDefault(ParameterTable.Trees);

    public int? EarlyStoppingRounds => Given.EarlyStoppingRounds;

    public double ValidationFraction => Given.ValidationFraction ?? Table.Default(ParameterTable.ValidationFraction);

    public ulong Seed => Given.Seed ?? ModelParameters.DefaultSeed;

    /// <exception cref="TrainingException">A parameter is out of range.</exception>
    public static XgboostParameters From(ModelParameters given)
    {
        Table.Require(given);
        return new(given);
    }

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

        yield return ("max_depth", Text(Given.Depth ?? Table.WholeDefault(ParameterTable.Depth)));
        yield return ("eta", Text(Given.LearningRate ?? Table.Default(ParameterTable.LearningRate)));
        yield return ("min_child_weight", Text(Given.MinChildWeight ?? Table.Default(ParameterTable.MinChildWeight)));
        yield return ("lambda", Text(Given.L2 ?? Table.Default(ParameterTable.L2)));
        yield return ("colsample_bytree", Text(Given.FeatureFraction ?? Table.Default(ParameterTable.FeatureFraction)));
        yield return ("subsample", Text(Given.Subsample ?? Table.Default(ParameterTable.Subsample)));
        yield return ("seed", Text((long)(Seed & int.MaxValue)));
        if (MonotoneDirections.Find(Given, set, [.. Enumerable.Range(0, set.FeatureCount)],
            set.ClassCount > 2 ? set.ClassCount : 1) is { } directions)
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
            double weight = set.SampleWeights?[row] ?? 1;
            weights += weight;
            sum += weight * (regression ? set.Targets![row] : set.Labels[row]);
        }

        double mean = sum / weights;
        return regression ? mean : Math.Clamp(mean, 1e-6, 1 - 1e-6);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
