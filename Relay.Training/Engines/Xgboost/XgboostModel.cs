using Relay.Training.Trees;

namespace Relay.Training.Engines.Xgboost;

/// <summary>What an XGBoost file holds.</summary>
/// <param name="FeatureNames">Null where the file names none.</param>
internal sealed record XgboostModel(TreeEnsemble Ensemble, IReadOnlyList<string>? FeatureNames)
{
    /// <summary>The round, from 0, that early stopping found best, where rounds after it are in the file; null otherwise.</summary>
    public int? EarlierBest { get; init; }
}
