using Relay.Training.Engines.Common.Categories;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Xgboost;

/// <summary>What an XGBoost file holds.</summary>
/// <param name="Ensemble">Over the features of the file, and a column of each set behind them.</param>
/// <param name="FeatureNames">Null where the file names none.</param>
internal sealed record XgboostModel(TreeEnsemble Ensemble, IReadOnlyList<CategorySet> Sets, IReadOnlyList<string>? FeatureNames)
{
    /// <summary>The round, from 0, that early stopping found best, where rounds after it are in the file; null otherwise.</summary>
    public int? EarlierBest { get; init; }

    /// <summary>Per feature, "c" for a category; null where the file does not say.</summary>
    public IReadOnlyList<string>? FeatureTypes { get; init; }

    /// <summary>Per feature, its categories in the order of their codes, and null for another one; null where the file has none.</summary>
    public IReadOnlyList<XgboostCategoryList?>? Categories { get; init; }
}
