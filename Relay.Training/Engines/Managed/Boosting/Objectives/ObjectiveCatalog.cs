using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>Which objective a training set asks for.</summary>
internal static class ObjectiveCatalog
{
    /// <param name="rows">The rows that are learned from; the mean of their targets is the base value.</param>
    public static IObjective Create(BinnedRows data, RowSampler rows, IntegerWeights weights, int classes)
    {
        if (data.Targets is not null)
        {
            return new SquaredObjective(data, rows, weights.BitsOfTotal);
        }

        // All classes start alike, as in XGBoost. Starting from their shares gives rows of a rare class so small a
        // hessian that no leaf of theirs reaches the minimum child weight: docs/adr/0008-boosting-starts-even.md.
        return classes == 2 ? new LogisticObjective(data.Labels) : new SoftmaxObjective(data.Labels, classes);
    }
}
